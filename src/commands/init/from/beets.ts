import {
  fileName,
  firstOf,
  type LibraryField,
  type LibraryForm,
  linesOf,
  selected,
  type Tables,
  tempoOf,
  titleOfFile,
} from './library-form.js';

/**
 * What beets puts between the values of a field that has several: a backslash and the visible symbol for NUL (U+2400).
 */
const BETWEEN = '\\␀';

/** Also a line of the configuration. */
const RELATIVE =
  "The paths are relative to beets' directory: set SAMPLES_ROOT to it (its config.yaml names it; ~/Music by default), so that files are found.";

/** Names of flexible attributes that describe how something sounds. */
const TELLING =
  /mood|tag|energ|danc|valence|arousal|instrument|timbre|tonal|rhythm|voice|vocal|vibe|texture|style|genre|feel|keyword|category|kind|loop|acoustic|electronic|scale/i;
/** Further fields that are only for programs. */
const TECHNICAL =
  /(?:^|_)(?:id|ids|uuid|url|hash|strength|probability|rate|frequency|source|mb|sort)$|^(?:mb|rg|r128|data)_/i;

/**
 * Returns the form of beets' library.db. Older versions have `genre`, newer ones `genres`. `attributes`: names of the
 * flexible attributes, which plug-ins and `beet modify` write. `isRelative`: paths lie below beets' directory.
 */
export function beetsForm(
  tables: Tables,
  { attributes, isRelative }: { attributes: readonly string[]; isRelative: boolean },
): LibraryForm {
  const { has } = tables;
  const path = 'CAST(items.path AS TEXT)';
  const slashed = `replace(${path}, '\\', '/')`;
  const several = (column: string): string[] =>
    has('items', column) ? [`replace(items.${column}, '${BETWEEN}', ', ')`] : [];
  const own = (column: string): string[] => (has('items', column) ? [`items.${column}`] : []);
  const field = (name: string, values: readonly string[], line?: string): LibraryField[] =>
    values.length === 0 ? [] : [{ name, sql: firstOf(...values), ...(line !== undefined && { line }) }];
  const fixed: LibraryField[] = [
    {
      name: 'title',
      sql: `coalesce(nullif(items.title, ''), ${titleOfFile(fileName(slashed))})`,
      line: 'Title: {title}',
    },
    ...field('artist', own('artist'), 'Artist: {artist}'),
    ...field('album', own('album'), 'Album: {album}'),
    ...field('genre', [...several('genres'), ...own('genre')], 'Genre: {genre}'),
    ...field('style', own('style'), 'Style: {style}'),
    ...(has('items', 'bpm') ? [{ name: 'bpm', sql: tempoOf('items.bpm'), line: 'BPM: {bpm | round}' }] : []),
    ...field('musical_key', own('initial_key'), 'Key: {musical_key}'),
    ...field('grouping', own('grouping'), 'Grouping: {grouping}'),
  ];
  const taken = new Set([...fixed.map(({ name }) => name), 'id', 'comments', 'duration', 'path']);
  const telling = attributes.filter(
    (key) => TELLING.test(key) && !TECHNICAL.test(key) && !taken.has(columnOf(key)),
  );
  const flexible = telling.filter(
    (key, index) => telling.findIndex((each) => columnOf(each) === columnOf(key)) === index,
  );
  const fields = [
    ...fixed,
    ...flexible.map((key) => flexibleField(key)),
    ...field('comments', own('comments'), 'Comments: {comments | truncate(500)}'),
    ...(has('items', 'length') ? [{ name: 'duration', sql: 'items.length' }] : []),
    { name: 'path', sql: path },
  ];
  const names = fields.map(({ name }) => name);
  return {
    select: [selected('items.id', fields), 'FROM items'].join('\n'),
    notes: [
      'id: the number of the item. beets keeps it when it moves, renames or retags a file; the path can change.',
      ...(isRelative ? [RELATIVE] : []),
    ],
    ...(isRelative && { advice: RELATIVE }),
    text: linesOf(fields),
    show: ['title', 'artist', 'genre', 'bpm', 'musical_key'].filter((name) => names.includes(name)),
    filters: names.filter((name) => name !== 'comments'),
    file: 'path',
    left: [
      ...attributes.filter((key) => !flexible.includes(key)).map((key) => key.replace(/\s+/g, ' ')),
      ...tables
        .columnsOf('items')
        .filter((column) => /^(?:label|year|lyrics|composers?|language|media)$/.test(column)),
    ],
  };
}

function flexibleField(key: string): LibraryField {
  const name = columnOf(key);
  const words = name.replaceAll('_', ' ');
  const filter = /tags?$|moods$|keywords$|instruments$/.test(name) ? ' | join(", ")' : '';
  return {
    name,
    // Numbers written by a plug-in stay as they are: `0.98`.
    sql: `(SELECT replace(value, '${BETWEEN}', ', ') FROM item_attributes WHERE entity_id = items.id AND key = '${key.replaceAll("'", "''")}')`,
    line: `${words.charAt(0).toUpperCase()}${words.slice(1)}: {${name}${filter}}`,
  };
}

/** Converts a flexible attribute's name to a column name that needs no quotes. */
const columnOf = (key: string): string =>
  key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .replace(/^(?=\d|$)/, 'attribute_');
