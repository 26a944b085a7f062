import { existsSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { usageFault } from '../../fault.js';
import { type Console, createConsole } from '../console.js';
import type { Site } from '../site.js';
import { whyNotWritable } from '../write-file.js';
import type { TakeOptions } from './options.js';

/** The targets as absolute paths; null: not requested. */
export interface Targets {
  to: string | null;
  zip: string | null;
  m3u8: string | null;
  /** The value STDOUT means stdout. */
  csv: string | null;
}

/** The value of `--csv` that means stdout. */
export const STDOUT = '-';

/**
 * Checks the targets before anything is searched or bought. Throws a usage Fault for options that contradict each other
 * and for paths that cannot be written.
 */
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

/** Returns the folder's path. The folder may not exist yet, so its nearest existing parent is checked. */
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

/** Null: there is no such path. */
function statsOf(to: string, path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw usageFault(`--to ${to} cannot be made (${code ?? message}): name another folder`, error);
  }
}

/**
 * Returns the file's path. Replaces only a file of that extension; any other file may be a sample. `folder`: is created
 * before the file.
 */
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
    throw usageFault(`${option} ${file} exists and is another kind of file: name a new one`);
  return path;
}

/**
 * Returns the Console: with `--csv -` stdout is for the table, and messages go to stderr. Throws a usage Fault if
 * `--json` is given too.
 */
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
