import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessLock, tryProcessLock } from '../../../local/process-lock.js';
import type { Database } from '../../../sqlite.js';
import { checkRoots } from '../disk/roots.js';
import { explainIndexError, openIndex } from '../index-file/open.js';
import { readFolderNames } from '../names/index.js';
import { compareWithDisk } from './compare-with-disk.js';
import { finish } from './finish.js';
import { indexFiles } from './index-files.js';
import { summarise } from './summary.js';
import type { ScanProgress, ScanSummary } from './types.js';

const LOOK_AGAIN_MS = 200;

export interface ScanOptions {
  /** Folders of samples. A relative path counts from the working directory. */
  roots: readonly string[];
  /** Path of the index. The file and its folder are created if missing. A lock file, `.lock`, is beside it. */
  indexFile: string;
  /** Patterns as in a .gitignore, against paths below the root; they come after DEFAULT_IGNORE. Default: none. */
  ignore?: readonly string[];
  onProgress?: (progress: ScanProgress) => void;
  signal?: AbortSignal;
}

/**
 * Updates the index to the current files of the folders: reads files that are new or whose size or time has changed.
 * Keeps what is done when it is stopped. Waits while another process does the same. Throws a Fault when a root is
 * missing or the index is unusable, and then changes nothing. Throws the signal's reason when it is aborted.
 */
export async function bringUpToDate(options: ScanOptions): Promise<ScanSummary> {
  const { indexFile, onProgress, signal } = options;
  const begin = performance.now();
  let index: Database.Database | undefined;
  let lock: ProcessLock | undefined;
  try {
    mkdirSync(dirname(indexFile), { recursive: true, mode: 0o700 });
    lock = await waitForLock(`${indexFile}.lock`, { onProgress, signal });
    index = openIndex(indexFile);
    return await scan(index, options, begin);
  } catch (error) {
    throw explainIndexError(error, indexFile);
  } finally {
    index?.close();
    lock?.release();
  }
}

/** Creates an empty index if it is missing; `bringUpToDate` reads the folders. Throws a Fault when it cannot. */
export async function makeIndex(indexFile: string): Promise<void> {
  if (existsSync(indexFile)) return;
  let lock: ProcessLock | undefined;
  try {
    mkdirSync(dirname(indexFile), { recursive: true, mode: 0o700 });
    lock = await waitForLock(`${indexFile}.lock`, {});
    openIndex(indexFile).close();
  } catch (error) {
    throw explainIndexError(error, indexFile);
  } finally {
    lock?.release();
  }
}

async function scan(
  index: Database.Database,
  { roots: given, ignore = [], onProgress, signal }: ScanOptions,
  begin: number,
): Promise<ScanSummary> {
  const held = index.prepare<[string], number>('select count(*) from files where root = ?').pluck();
  const check = () => checkRoots(given, (root) => held.get(root) ?? 0);
  const roots = await check();
  const compared = await compareWithDisk(index, {
    roots,
    ignore,
    signal,
    onFound: (found) => onProgress?.({ phase: 'looking', found }),
  });
  const total = Number(index.prepare('select count(*) from temp.todo').pluck().get());
  let done = 0;
  const indexed = await indexFiles(index, {
    lookedAt: performance.now(),
    readNames: readFolderNames,
    signal,
    onDone(files) {
      done += files;
      onProgress?.({ phase: 'reading', done, total });
    },
  });
  // If a disk was removed meanwhile, its samples must not be forgotten.
  await check();
  const removed = finish(index, roots);
  return summarise(index, { roots, compared, indexed, removed, took: performance.now() - begin });
}

async function waitForLock(
  path: string,
  { onProgress, signal }: Pick<ScanOptions, 'onProgress' | 'signal'>,
): Promise<ProcessLock> {
  for (;;) {
    signal?.throwIfAborted();
    const lock = tryProcessLock(path);
    if (lock) return lock;
    onProgress?.({ phase: 'waiting' });
    await sleep(LOOK_AGAIN_MS, undefined, signal && { signal });
  }
}
