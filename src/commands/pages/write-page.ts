import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { usageFault } from '../../fault.js';
import { whyNotWritable, writeWhole } from '../write-file.js';

/** Before anything is read, which may take a while: a Fault where the page could not be written. */
export function checkOut(out: string): string {
  const path = resolve(out);
  const why = whyNotWritable(path);
  if (why !== null) throw usageFault(`--out ${out} cannot be written: ${why}`);
  return path;
}

/** JSON that cannot end the element it stands in, whatever a title says. */
const inert = (data: unknown): string =>
  JSON.stringify(data).replace(
    /[<>\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Writes the built page with its data. @returns its `file:` URL. */
export function writePage(name: 'report' | 'map', data: unknown, path: string): string {
  const page = readFileSync(fileURLToPath(new URL(`../../pages/${name}.html`, import.meta.url)), 'utf8');
  const [before = '', after = ''] = page.split('%DATA%');
  try {
    writeWhole(path, before + inert(data) + after);
  } catch (error) {
    throw usageFault(`--out ${path} cannot be written: ${(error as Error).message}`, error);
  }
  return pathToFileURL(path).href;
}
