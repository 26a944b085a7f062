import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { usageFault } from '../../fault.js';
import { whyNotWritable } from '../write-file.js';
import type { TakeOptions } from './options.js';

/** Where things go, as whole paths; null: not asked for. */
export interface Targets {
  to: string | null;
  zip: string | null;
  m3u8: string | null;
  csv: string | null;
}

/** Before anything is searched or bought: throws a usage Fault for what contradicts itself or cannot be written. */
export function checkTargets(options: TakeOptions): Targets {
  const { to, zip, bank, maxSeconds, rate } = options;
  const ofFiles = Object.entries({ '--bank': bank, '--max-seconds': maxSeconds, '--rate': rate });
  const [lonely] = ofFiles.find(([, value]) => value !== undefined) ?? [];
  if (lonely !== undefined && to === undefined && zip === undefined)
    throw usageFault(`${lonely} is for files: say where they go with --to FOLDER or --zip FILE`);
  const folder = to === undefined ? null : folderAt(to);
  const fileAt = (option: string, file: string | undefined, kind: RegExp): string | null =>
    file === undefined ? null : checkedFile(option, file, { kind, folder });
  return {
    to: folder,
    zip: fileAt('--zip', options.zip, /\.zip$/i),
    m3u8: fileAt('--m3u8', options.m3u8, /\.m3u8?$/i),
    csv: fileAt('--csv', options.csv, /\.(?:csv|txt)$/i),
  };
}

function folderAt(to: string): string {
  const path = resolve(to);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false)
    throw usageFault(`--to ${to} is a file: name a folder`);
  return path;
}

/** A file of that kind is replaced; another one, which may be a sample, never is. `folder`: made before the file is. */
function checkedFile(
  option: string,
  file: string,
  { kind, folder }: { kind: RegExp; folder: string | null },
): string {
  const path = resolve(file);
  const toBeMade = dirname(path) === folder && !existsSync(folder);
  const why = toBeMade ? null : whyNotWritable(path);
  if (why !== null) throw usageFault(`${option} ${file} cannot be written: ${why}`);
  if (!kind.test(path) && statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    throw usageFault(`${option} ${file} is there and is another kind of file: name a new one`);
  return path;
}
