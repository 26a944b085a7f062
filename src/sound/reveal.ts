import { type ChildProcess, execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type DiskPath, diskPath } from './disk-path.js';

/** A program with its arguments; run without a shell. */
export type Program = readonly [file: string, ...args: string[]];

const TIMEOUT_MS = 5000;
const GIVES_UP_MS = 2000;

/**
 * Returns the program that selects a file in the file manager of macOS or of most Linux desktops. Null where only the file's
 * folder can be opened.
 */
export function revealProgram(path: string, platform: NodeJS.Platform, isWsl: boolean): Program | null {
  if (platform === 'darwin') return ['open', '-R', path];
  // explorer.exe needs a path translated by wslpath, and always exits with 1. The package `open` handles both.
  if (isWsl) return null;
  // dbus-send separates array items by commas.
  const url = pathToFileURL(path).href.replaceAll(',', '%2C');
  const manager = 'org.freedesktop.FileManager1';
  return [
    'dbus-send',
    ...['--session', '--print-reply', `--dest=${manager}`, `/${manager.replaceAll('.', '/')}`],
    ...[`${manager}.ShowItems`, `array:string:${url}`, 'string:'],
  ];
}

/** Shows the file in this machine's file manager. Throws if no program could do it. */
export async function reveal(path: DiskPath): Promise<void> {
  // No program accepts a name that is not valid UTF-8, but its folder's name may be valid.
  const text = typeof path === 'string' ? path : null;
  const isWsl = process.env.WSL_DISTRO_NAME !== undefined;
  const program = text === null ? null : revealProgram(text, process.platform, isWsl);
  if (program !== null && (await succeeds(program))) return;
  const folder = text === null ? folderOf(path as Buffer) : dirname(text);
  if (typeof folder !== 'string') throw new Error('the name of its folder is no UTF-8');
  const { default: open } = await import('open');
  const child = await open(folder);
  // On success the program may keep running; on failure it exits soon.
  const code = child.exitCode ?? (await Promise.race([exitCodeOf(child), wait(GIVES_UP_MS)]));
  if (code) throw new Error(`the program that opens folders ended with ${code}`);
}

const exitCodeOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('close', resolve));

const folderOf = (path: Buffer): DiskPath => diskPath(path.subarray(0, path.lastIndexOf('/')));

const succeeds = ([file, ...args]: Program): Promise<boolean> =>
  new Promise((resolve) => {
    execFile(file, args, { timeout: TIMEOUT_MS }, (error) => resolve(error === null));
  });
