import type { Sample } from './api.js';
import { titleOf } from './format.js';

const TYPES: Record<string, string> = {
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  m4a: 'audio/mp4',
  aif: 'audio/aiff',
  aiff: 'audio/aiff',
};

/** Returns the file's own name, or a name made of the title, without characters that file systems refuse. */
export function fileNameOf(sample: Pick<Sample, 'id' | 'title' | 'path'>): string {
  const own = sample.path?.split(/[/\\]/).at(-1);
  const name = own === undefined || own === '' ? `${titleOf(sample)}.wav` : own;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters must be removed.
  return name.replace(/[\u0000-\u001f\u007f:*?"<>|\\/\u202a-\u202e\u2066-\u2069]/g, '_').slice(-120);
}

/** Sets the drag data: a drop on a folder gives the file, on a program that takes URLs its URL, on a text its path. */
export function beginDrag({ dataTransfer }: DragEvent, sample: Sample): void {
  if (dataTransfer === null || sample.download_url === null) return;
  const address = new URL(sample.download_url, location.href).href;
  const name = fileNameOf(sample);
  const type = TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
  dataTransfer.setData('DownloadURL', `${type}:${name}:${address}`);
  dataTransfer.setData('text/uri-list', address);
  dataTransfer.setData('text/plain', sample.path ?? address);
  dataTransfer.effectAllowed = 'copy';
}
