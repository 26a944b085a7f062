import { existsSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { usageFault } from '../../fault.js';
import { type Console, createConsole } from '../console.js';
import type { Site } from '../site.js';
import { whyNotWritable } from '../write-file.js';
import type { TakeOptions } from './options.js';

/** Where things go, as whole paths; null: not asked for. */
export interface Targets {
  to: string | null;
  zip: string | null;
  m3u8: string | null;
  /** STDOUT: there. */
  csv: string | null;
}

/** As the path of a table. */
export const STDOUT = '-';

/** Before anything is searched or bought: throws a usage Fault for what contradicts itself or cannot be written. */
export function checkTargets(options: TakeOptions): Targets {
  const { to, zip, bank, maxSeconds, rate } = options;
  const ofFiles = Object.entries({ '--bank': bank, '--max-seconds': maxSeconds, '--rate': rate });
  const [lonely] = ofFiles.find(([, value]) => value !== undefined) ?? [];
  if (lonely !== undefined && to === undefined && zip === undefined)
    throw usageFault(`${lonely} is for files: say where they go with --to FOLDER or --zip FILE`);
  for (const [option, what] of Object.entries({ to: 'folder', zip: 'file', m3u8: 'file', csv: 'file' }))
    if (options[option as keyof Targets]?.trim() === '')
      throw usageFault(`--${option} is empty: name a ${what}, or leave it out`);
  const folder = to === undefined ? null : folderAt(to);
  const fileAt = (option: string, file: string | undefined, kind: RegExp): string | null =>
    file === undefined ? null : checkedFile(option, file, { kind, folder });
  return {
    to: folder,
    zip: fileAt('--zip', options.zip, /\.zip$/i),
    m3u8: fileAt('--m3u8', options.m3u8, /\.m3u8?$/i),
    csv: options.csv === STDOUT ? STDOUT : fileAt('--csv', options.csv, /\.(?:csv|txt)$/i),
  };
}

/** It may have to be made; what it would lie in is looked at. */
function folderAt(to: string): string {
  const path = resolve(to);
  for (let at = path; ; at = dirname(at)) {
    const stats = statsOf(to, at);
    if (stats?.isDirectory() === true || dirname(at) === at) return path;
    if (stats !== null)
      throw usageFault(
        at === path
          ? `--to ${to} is a file: name a folder`
          : `--to ${to} lies in ${at}, which is a file: name a folder`,
      );
  }
}

/** Null: there is none. */
function statsOf(to: string, path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw usageFault(`--to ${to} cannot be made (${code ?? message}): name another folder`, error);
  }
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

/** Where words about what is taken go: with `--csv -` the table has stdout for itself. Throws a usage Fault beside `--json`. */
export function takeConsole(
  host: NodeJS.Process,
  { csv, json = false }: Pick<TakeOptions, 'csv'> & { json?: boolean },
  { words }: Pick<Site, 'words'>,
): Console {
  if (csv !== STDOUT) return createConsole(host, json, words);
  if (json)
    throw usageFault(
      '--csv - writes the table to stdout, where --json writes its answer: leave one of them out',
    );
  return createConsole({ stdout: host.stderr, stderr: host.stderr }, false, words);
}
