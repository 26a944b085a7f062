import { isAbsolute, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SampleHit } from '../search/sample-hit.js';
import { pathOfText, shownPath } from '../sound/disk-path.js';
import { inert } from '../terminal/inert.js';
import { factsOf } from './facts.js';

/** A sample in a playlist. */
export interface PlaylistEntry {
  hit: SampleHit;
  /** The path of its file, or its `file:` URL. Default: the path in the catalog. */
  path?: string;
}

export interface PlaylistOptions {
  /** The absolute folder of the playlist. Absolute paths are written relative to it; without it, unchanged. */
  relativeTo?: string;
}

/** Returns an extended M3U playlist in UTF-8. Samples without a path are left out. */
export function m3u8Of(entries: Iterable<PlaylistEntry>, { relativeTo }: PlaylistOptions = {}): string {
  let text = '#EXTM3U\n';
  for (const { hit, path = hit.path } of entries) {
    if (path === null || path === undefined || path === '') continue;
    const seconds = hit.duration === null || hit.duration < 0 ? -1 : Math.round(hit.duration);
    text += `#EXTINF:${seconds},${titleOf(hit, path)}\n${lineOf(path, relativeTo)}\n`;
  }
  return text;
}

/** Returns the title on one line, as a line break would begin a new entry, and without characters that turn text around. */
const titleOf = (hit: SampleHit, path: string): string =>
  inert((factsOf(hit).title ?? shownPath(pathOfText(path)).split('/').at(-1) ?? '').toWellFormed())
    .replace(/\s+/g, ' ')
    .trim();

function lineOf(path: string, relativeTo: string | undefined): string {
  // A path with a line break in it, or blanks at its ends, can only be written as a URL. One with characters that turn
  // text around would show another name.
  if (inert(path) !== path || /[\n]|^\s|\s$/.test(path))
    return isAbsolute(path) ? pathToFileURL(path).href : path.split('/').map(encodeURIComponent).join('/');
  if (/^file:\/\//i.test(path)) return path;
  const written = relativeTo !== undefined && isAbsolute(path) ? relative(relativeTo, path) : path;
  const plain = sep === '\\' ? written.replaceAll('\\', '/') : written;
  // A line that begins with # is a comment.
  return plain.startsWith('#') ? `./${plain}` : plain;
}
