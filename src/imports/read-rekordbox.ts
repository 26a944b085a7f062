import sax from 'sax';
import { usageFault } from '../fault.js';
import { ColumnNames } from './column-names.js';
import { type EncodingChoice, textFormOf } from './encoding.js';
import { textOf } from './text-of-file.js';
import type { FileReader, FileRow, Value } from './types.js';

/** Attributes of a track that rekordbox writes, in the order of its export. */
const ATTRIBUTES = [
  ...[
    'TrackID',
    'Name',
    'Artist',
    'Composer',
    'Album',
    'Grouping',
    'Genre',
    'Kind',
    'Size',
    'TotalTime',
    'DiscNumber',
  ],
  ...[
    'TrackNumber',
    'Year',
    'AverageBpm',
    'DateAdded',
    'BitRate',
    'SampleRate',
    'Comments',
    'PlayCount',
    'Rating',
  ],
  ...['Location', 'Remixer', 'Tonality', 'Label', 'Mix', 'Colour'],
];
const LOCATION = 'Location';

/** Reads the collection that rekordbox exports as XML: a row for each TRACK. Playlists are not read. */
export async function readRekordbox(path: string, choice?: EncodingChoice): Promise<FileReader> {
  const text = await textFormOf(path, choice);
  const { encoding } = text;
  const names = new ColumnNames();
  for (const name of ATTRIBUTES) names.add(name);

  async function* rows(): AsyncGenerator<FileRow> {
    const parser = sax.parser(true, { position: true });
    let found: FileRow[] = [];
    let inCollection = false;
    let ended = false;
    parser.onopentag = ({ name, attributes }) => {
      if (name === 'COLLECTION') inCollection = true;
      else if (inCollection && name === 'TRACK')
        found.push({ line: parser.line + 1, values: valuesOf(attributes as Record<string, string>) });
    };
    parser.onclosetag = (name) => {
      if (name === 'COLLECTION') inCollection = false;
      ended ||= name === 'DJ_PLAYLISTS';
    };
    parser.onerror = (error) => {
      throw usageFault(
        `${path}:${parser.line + 1}:${parser.column + 1} is not XML as rekordbox writes it (${(error.message.split('\n')[0] ?? '').toLowerCase()}): export it again`,
        error,
      );
    };
    for await (const piece of textOf(path, encoding)) {
      parser.write(piece);
      yield* found;
      found = [];
    }
    if (!ended)
      throw usageFault(`${path} is incomplete, or is not from rekordbox: export it again in rekordbox`);
  }
  return { columns: names.names, repeated: names.repeated, text, rows };
}

const valuesOf = (attributes: Readonly<Record<string, string>>): Value[] =>
  ATTRIBUTES.map((name) => {
    const value = attributes[name]?.trim() ?? '';
    if (value === '') return null;
    return name === LOCATION ? pathOf(value) : value;
  });

/** Returns the path of a location: `file://localhost/C:/Music/a%20b.wav` gives `C:/Music/a b.wav`. */
function pathOf(location: string): string {
  const path = location.replace(/^file:\/\/(?:localhost)?(?=\/)/i, '').replace(/^\/(?=[a-z]:)/i, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
