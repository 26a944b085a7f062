import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { usageFault } from '../../fault.js';
import { type Console, createConsole } from '../console.js';
import type { Site } from '../site.js';
import { whyNotWritable, writeWhole } from '../write-file.js';

/** The path of a file, or stdout. */
export type PageTarget = string | NodeJS.WriteStream;

/**
 * Returns the page's target and a Console. With `--out -` the page is written to stdout, and messages go to stderr.
 * Call it before the slow reading: throws a usage Fault if the page could not be written.
 */
export function openPageOutput(
  host: NodeJS.Process,
  { out, json = false }: { out: string; json?: boolean },
  { words }: Pick<Site, 'words'>,
): { console: Console; target: PageTarget } {
  if (out !== '-') return { console: createConsole(host, json, words), target: checkOut(out) };
  if (json)
    throw usageFault(
      '--out - writes the page to stdout, where --json writes its answer: leave one of them out',
    );
  return {
    console: createConsole({ stdout: host.stderr, stderr: host.stderr }, false, words),
    target: host.stdout,
  };
}

/** Returns the absolute path of a new page. Throws a usage Fault if it could not be written. */
export function checkOut(out: string): string {
  const path = resolve(out);
  const why = whyNotWritable(path);
  if (why !== null) throw usageFault(`--out ${out} cannot be written: ${why}`);
  return path;
}

/** Serializes JSON so that no title can end the HTML element around it. */
const inert = (data: unknown): string =>
  JSON.stringify(data).replace(
    /[<>\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Writes the page's HTML with its data. Returns its `file:` URL; `stdout` for stdout. */
export function writePage(name: 'report' | 'map', data: unknown, target: PageTarget): string {
  const page = readFileSync(fileURLToPath(new URL(`../../pages/${name}.html`, import.meta.url)), 'utf8');
  const [before = '', after = ''] = page.split('%DATA%');
  const whole = before + inert(data) + after;
  if (typeof target !== 'string') {
    target.write(whole);
    return 'stdout';
  }
  try {
    writeWhole(target, whole);
  } catch (error) {
    throw usageFault(`--out ${target} cannot be written: ${(error as Error).message}`, error);
  }
  return pathToFileURL(target).href;
}
