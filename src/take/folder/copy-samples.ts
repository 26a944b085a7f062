import { lstat, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, usageFault } from '../../fault.js';
import type { SampleHit } from '../../search/sample-hit.js';
import type { OpenSample } from '../open-sample.js';
import {
  isPlanned,
  type Layout,
  type LeftOut,
  openPlanned,
  type Planned,
  planSamples,
  type Ready,
} from '../prepare.js';
import { bytesOnDisk, bytesWords, type DiskRoom, roomOf } from '../room.js';
import { makeFolder } from './make-folder.js';
import { CannotWrite, isThere, openTarget, type Placed, placeFile, type TargetFolder } from './place-file.js';

export interface CopyOptions {
  open: OpenSample;
  /** Created if missing. */
  folder: string;
  layout?: Layout;
  /** Called with the number of samples that were handled, and of all samples. */
  progress?: (done: number, total: number) => void;
  signal?: AbortSignal;
  /** Default: roomOf. */
  room?: (folder: string) => Promise<DiskRoom | null>;
}

export interface CopiedSample {
  hit: SampleHit;
  /** Its path. */
  to: string;
  how: Placed['how'];
}

export interface CopyResult {
  /** In the order of the list. */
  copied: CopiedSample[];
  leftOut: LeftOut[];
  /** Why it ended early, with the cure; null if it did not. Samples in neither list were not reached. */
  stopped: string | null;
}

/**
 * Copies the files of samples into a folder, under clean names in order. Copies none if its disk has no room for all of
 * them. A second call continues where the first one ended.
 */
export async function copySamples(
  samples: readonly SampleHit[],
  { open, folder, layout = {}, progress, signal, room = roomOf }: CopyOptions,
): Promise<CopyResult> {
  const folders = targetFolders(folder);
  const result: CopyResult = { copied: [], leftOut: [], stopped: null };
  let done = 0;
  try {
    await folders(null);
    const plan = await planSamples(samples, open, layout, signal);
    result.stopped = await whyNoRoom(plan.filter(isPlanned), folder, await room(folder));
    if (result.stopped !== null)
      return { ...result, leftOut: plan.flatMap((each) => (isPlanned(each) ? [] : [each])) };
    for await (const sample of openPlanned(plan, open)) {
      if ('reason' in sample) result.leftOut.push(sample);
      else await copyOne(sample, folders, result, signal);
      done += 1;
      progress?.(done, samples.length);
      signal?.throwIfAborted();
    }
  } catch (error) {
    if (error instanceof Fault) result.stopped = error.message;
    else if (error instanceof CannotWrite) result.stopped = sentenceOf(error.cause, folder);
    else if (signal?.aborted === true) result.stopped = 'it was interrupted: the same command goes on';
    else throw error;
  }
  return result;
}

/** Returns why the disk has too little room; null if it has enough. Files that exist already need no room. */
async function whyNoRoom(
  plan: readonly Planned[],
  folder: string,
  room: DiskRoom | null,
): Promise<string | null> {
  if (room === null) return null;
  const sizes: number[] = [];
  for (const { bank, name, bytes } of plan)
    if (!(await isThere(bank === null ? folder : join(folder, bank), name, bytes))) sizes.push(bytes);
  const needed = bytesOnDisk(sizes, room);
  return needed <= room.free
    ? null
    : `the disk of ${folder} has ${bytesWords(room.free)} free, and ${bytesWords(needed)} are needed: make room, then the same command goes on`;
}

async function copyOne(
  { hit, file, bank, name }: Ready,
  folders: (bank: string | null) => Promise<TargetFolder>,
  { copied, leftOut }: CopyResult,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const target = await folders(bank);
    const placed = await placeFile(target, name, file, signal).catch((error: unknown) => {
      if (error instanceof CannotWrite || signal?.aborted === true) throw error;
      if (error instanceof Fault) return error.message;
      return `its file cannot be read to the end (${(error as Error).message}): check its disk`;
    });
    if (typeof placed === 'string') leftOut.push({ hit, reason: placed });
    else copied.push({ hit, to: join(target.path, placed.name), how: placed.how });
  } finally {
    await file.close();
  }
}

/** Returns a function that opens the folder or one of its banks. Each is created and read once. */
function targetFolders(folder: string): (bank: string | null) => Promise<TargetFolder> {
  const opened = new Map<string | null, TargetFolder>();
  return async (bank) => {
    const known = opened.get(bank);
    if (known !== undefined) return known;
    const path = bank === null ? folder : join(folder, bank);
    const target = await makeTarget(path, bank !== null).catch((error: unknown) => {
      throw error instanceof Fault ? error : new CannotWrite(error as NodeJS.ErrnoException);
    });
    opened.set(bank, target);
    return target;
  };
}

async function makeTarget(path: string, isBank: boolean): Promise<TargetFolder> {
  if (isBank)
    await mkdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  else await makeFolder(path);
  // A bank must not be a link, which may lead out of the folder. The folder itself may be a link.
  const stats = isBank ? await lstat(path) : await stat(path);
  if (!stats.isDirectory())
    throw usageFault(`${path} exists and is not a folder: remove it, or choose another folder`);
  return openTarget(path);
}

function sentenceOf({ code, message }: NodeJS.ErrnoException, folder: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return `the disk of ${folder} is full: make room, then the same command goes on`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `${folder} may not be written: choose another folder`;
  return `${folder} cannot be written (${code ?? message}): check its disk, then the same command goes on`;
}
