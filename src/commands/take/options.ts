import type { Command } from 'commander';
import { usageFault } from '../../fault.js';
import { integerOption } from '../options.js';

/** Where the samples found are written. */
export interface TakeOptions {
  to?: string;
  zip?: string;
  m3u8?: string;
  csv?: string;
  bank?: number;
  maxSeconds?: number;
  rate?: number;
}

export const TAKE_HELP = `
Take it with you: --to copies the files into a folder, named by rank, title, tempo and key
(01 Kick Hard 128 Fmin.wav); existing files are never overwritten, and the same
command goes on where it ended. --zip packs them, --m3u8 and --csv list them. For a
sampler's card --bank 16 makes folders Bank A, Bank B, …; --max-seconds and --rate say
what it takes, and files that do not fit are listed.`;

/** Adds `--to`, `--zip`, `--m3u8`, `--csv` and the options for samplers. */
export const addTakeOptions = (command: Command): Command =>
  command
    .option('--to <folder>', 'copy the files there, under clean names in order')
    .option('--zip <file>', 'pack the files into a zip')
    .option('--m3u8 <file>', 'write a playlist of the files')
    .option('--csv <file>', 'write the hits as a table; - is stdout')
    .option(
      '--bank <n>',
      "for a sampler's card: this many files per folder Bank A, Bank B, …",
      integerOption('--bank', 1, 1000),
    )
    .option('--max-seconds <s>', 'leave out files that are longer', secondsOption)
    .option(
      '--rate <hz>',
      'take only files of this sample rate, like 44100',
      integerOption('--rate', 1000, 768_000),
    );

function secondsOption(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value > 0) return value;
  throw usageFault(`--max-seconds must be a number of seconds like 30 or 1.5, got "${text}"`);
}

export const hasTarget = ({ to, zip, m3u8, csv }: TakeOptions): boolean =>
  [to, zip, m3u8, csv].some((each) => each !== undefined);
