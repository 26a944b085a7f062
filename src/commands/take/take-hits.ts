import { dirname } from 'node:path';
import type { Settings } from '../../config.js';
import type { SampleHit } from '../../search/sample-hit.js';
import { candidatesOf } from '../../sound/candidates.js';
import { exactPath } from '../../sound/disk-path.js';
import { soundFinder, soundPlace } from '../../sound/find-file.js';
import type { SoundRoots } from '../../sound/roots.js';
import { BYTE_ORDER_MARK, csvOf } from '../../take/csv.js';
import { copySamples } from '../../take/folder/copy-samples.js';
import { m3u8Of } from '../../take/m3u8.js';
import { openerOf } from '../../take/open-found.js';
import type { OpenSample } from '../../take/open-sample.js';
import type { Layout } from '../../take/prepare.js';
import { dataFor } from '../../terminal/inert.js';
import { createProgress } from '../../terminal/progress.js';
import type { Console } from '../console.js';
import type { Site } from '../site.js';
import { untilSignal } from '../until-signal.js';
import { writeWhole } from '../write-file.js';
import type { TakeOptions } from './options.js';
import { STDOUT, type Targets } from './targets.js';
import type { Written, WrittenList } from './written.js';
import { writeZipFile } from './zip-file.js';

export interface TakeParts {
  options: TakeOptions;
  targets: Targets;
  settings: Pick<Settings, 'soundRoots'>;
  /** See Site. */
  makeSound?: Site['makeSound'];
}

/** Work shorter than this shows no bar. Milliseconds. */
const SOON_MS = 500;

/** Writes the hits to all targets. Ctrl-C stops between two blocks of a file; the result says how many were written. */
export async function takeHits(
  host: NodeJS.Process,
  { stderr }: Console,
  hits: readonly SampleHit[],
  { options: { bank, maxSeconds, rate }, targets, settings, makeSound }: TakeParts,
): Promise<Written> {
  // No hits: no folder or file is created.
  if (hits.length === 0) return {};
  const { soundRoots } = settings;
  const open = openerOf(soundFinder(soundRoots, makeSound));
  const layout: Layout = {
    ...(bank !== undefined && { bank }),
    ...(maxSeconds !== undefined && { maxSeconds }),
    ...(rate !== undefined && { rate }),
  };
  const ending = untilSignal(host);
  const stop = new AbortController();
  void ending.caught.then(() => stop.abort());
  const during = async <T>(
    verb: string,
    work: (options: { progress: (done: number, total: number) => void; signal: AbortSignal }) => Promise<T>,
  ): Promise<T> => {
    const bar = createProgress({
      ...{ stream: stderr, isTTY: stderr.isTTY === true, columns: stderr.columns ?? 80 },
      words: ({ done, total }) => `${verb} ${done}/${total}`,
    });
    const began = performance.now();
    const progress = (done: number, total: number): void => {
      if (performance.now() - began > SOON_MS)
        bar.update({ done, total, costNanos: 0, state: done === total ? 'completed' : 'running' });
    };
    return work({ progress, signal: stop.signal }).finally(() => bar.stop());
  };
  try {
    const isInterrupted = (): boolean => stop.signal.aborted;
    return await takeAll(hits, { open, layout, targets, soundRoots, during, isInterrupted, host });
  } finally {
    ending.forget();
  }
}

interface AllParts {
  open: OpenSample;
  layout: Layout;
  targets: Targets;
  soundRoots: SoundRoots;
  isInterrupted(): boolean;
  host: NodeJS.Process;
  during<T>(
    verb: string,
    work: (options: { progress: (done: number, total: number) => void; signal: AbortSignal }) => Promise<T>,
  ): Promise<T>;
}

async function takeAll(
  hits: readonly SampleHit[],
  { open, layout, targets: { to, zip, m3u8, csv }, soundRoots, during, isInterrupted, host }: AllParts,
): Promise<Written> {
  const written: Written = {};
  if (to !== null)
    written.folder = {
      path: to,
      ...(await during('Copied', (options) => copySamples(hits, { open, folder: to, layout, ...options }))),
    };
  if (zip !== null && !isInterrupted())
    written.zip = {
      path: zip,
      ...(await during('Packed', (options) => writeZipFile(hits, zip, { open, layout, ...options }))),
    };
  if (m3u8 !== null) {
    // If files were also copied, the playlist lists the copies.
    const copies = written.folder?.copied.map(({ hit, to: path }) => ({ hit, path }));
    const entries =
      copies ??
      (await Promise.all(
        hits
          .filter(({ path }) => path !== null)
          .map(async (hit) => ({ hit, path: await placeOf(hit.path ?? '', soundRoots) })),
      ));
    const relativeTo = copies === undefined ? {} : { relativeTo: dirname(m3u8) };
    written.m3u8 = writeList(m3u8, m3u8Of(entries, relativeTo), entries.length);
  }
  if (csv !== null) {
    const table = csvOf(hits);
    if (csv === STDOUT) host.stdout.write(dataFor(host.stdout, table));
    written.csv =
      csv === STDOUT
        ? { path: 'stdout', samples: hits.length, stopped: null }
        : writeList(csv, BYTE_ORDER_MARK + table, hits.length);
  }
  return written;
}

/** Returns where a file is; if it is not there now, where it may be, since its disk may be connected later. */
async function placeOf(path: string, roots: SoundRoots): Promise<string> {
  const [likeliest = path] = candidatesOf(path, roots);
  return (await soundPlace(path, roots, { links: false })) ?? exactPath(likeliest);
}

function writeList(path: string, text: string, samples: number): WrittenList {
  try {
    writeWhole(path, text);
    return { path, samples, stopped: null };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const why =
      code === 'ENOSPC' || code === 'EDQUOT'
        ? 'its disk is full: make room, or name a file on another disk'
        : `it cannot be written (${message}): name another file`;
    return { path, samples: 0, stopped: why };
  }
}
