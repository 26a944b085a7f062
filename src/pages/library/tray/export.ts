import { element } from '../../shared/element.js';
import type { Sample } from '../api.js';
import { copyText } from '../clipboard.js';
import { titleOf } from '../format.js';

/** One way to take a list of samples along. */
export interface Export {
  name: string;
  /** @returns a sentence that says what has become of them. */
  run(samples: readonly Sample[]): Promise<string>;
}

const counted = (samples: readonly Sample[]): string =>
  samples.length === 1 ? '1 sample' : `${samples.length} samples`;

export const EXPORTS: readonly Export[] = [
  {
    name: 'Copy paths',
    async run(samples) {
      const paths = samples.flatMap(({ path }) => (path === null ? [] : [path]));
      if (paths.length === 0) return 'The catalog names no files for these.';
      return (await copyText(paths.join('\n')))
        ? `${paths.length === 1 ? '1 path is' : `${paths.length} paths are`} copied.`
        : 'The browser did not let the page copy. Export M3U8 instead: it holds the paths.';
    },
  },
  { name: 'M3U8', run: file('samples.m3u8', 'audio/x-mpegurl', m3u8) },
  { name: 'CSV', run: file('samples.csv', 'text/csv', csv) },
  { name: 'JSON', run: file('samples.json', 'application/json', json) },
];

function file(name: string, type: string, write: (samples: readonly Sample[]) => string): Export['run'] {
  return async (samples) => {
    const address = URL.createObjectURL(new Blob([write(samples)], { type: `${type};charset=utf-8` }));
    element('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    return `${name} with ${counted(samples)} is saved.`;
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a title with a line's end would be two lines.
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ');

/** A playlist; what names no file is left out. */
export function m3u8(samples: readonly Sample[]): string {
  const lines = samples.flatMap((sample) =>
    sample.path === null
      ? []
      : [
          `#EXTINF:${sample.duration === null ? -1 : Math.round(sample.duration)},${oneLine(titleOf(sample))}`,
          oneLine(sample.path),
        ],
  );
  return `${['#EXTM3U', ...lines].join('\n')}\n`;
}

export function csv(samples: readonly Sample[]): string {
  const names = [...new Set(samples.flatMap(({ fields }) => Object.keys(fields)))].filter(
    (name) => !['id', 'title', 'path', 'duration'].includes(name),
  );
  const rows = samples.map(({ id, title, path, duration, fields }) =>
    [id, title, path, duration, ...names.map((name) => fields[name])].map(quoted).join(','),
  );
  return `${[['id', 'title', 'path', 'duration', ...names].map(quoted).join(','), ...rows].join('\r\n')}\r\n`;
}

/** A text that a spreadsheet would take for a formula begins with an apostrophe, as spreadsheets write it themselves. */
function quoted(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

export function json(samples: readonly Sample[]): string {
  const list = samples.map(({ id, title, path, duration, fields }) => ({
    id,
    title,
    path,
    duration,
    ...fields,
  }));
  return `${JSON.stringify(list, null, 2)}\n`;
}
