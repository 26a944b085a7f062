import type { Hashes, SpliceFacts } from './library-facts.js';
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

const HASHED = [
  "id: the hash of the sample's file, as Splice stores it. It stays the same when the file is moved and when Splice is",
  'installed again; the number of its row does not.',
];
const NOTES: Readonly<Record<Hashes, readonly string[]>> = {
  unique: HASHED,
  repeated: [...HASHED, 'A file that is listed twice is one sample.'],
  none: [
    'id: the number of the row, which stays the same when the file is moved. The hash of the file would also stay when Splice is',
    'installed again, but some samples of this library have none, or it has no index.',
  ],
};

/** Of packs with one uuid the first: a join with both would make two samples of one. */
const ONE_OF_EACH =
  '(SELECT * FROM packs WHERE rowid IN (SELECT min(rowid) FROM packs GROUP BY uuid)) AS packs';

/** Returns the form of Splice's sounds.db. Its columns differ between versions, so only existing ones are used. */
export function spliceForm(tables: Tables, { hashes, hasUniquePacks }: SpliceFacts): LibraryForm {
  const { has } = tables;
  const own = (column: string): string[] => (has('samples', column) ? [`samples.${column}`] : []);
  const packs = has('packs', 'uuid') && has('samples', 'pack_uuid');
  const ofPack = (column: string): string[] => (packs && has('packs', column) ? [`packs.${column}`] : []);
  const path = `replace(samples.local_path, '\\', '/')`;
  const file = has('samples', 'filename') ? firstOf('samples.filename', fileName(path)) : fileName(path);
  const row = has('samples', 'id') ? 'id' : 'rowid';
  const field = (name: string, values: readonly string[], line?: string): LibraryField[] =>
    values.length === 0 ? [] : [{ name, sql: firstOf(...values), ...(line !== undefined && { line }) }];

  const fields: LibraryField[] = [
    { name: 'title', sql: titleOfFile(file), line: 'Title: {title}' },
    ...field('pack', ofPack('name'), 'Pack: {pack}'),
    ...field('label', [...own('provider_name'), ...ofPack('provider_name')], 'Label: {label}'),
    ...field('genre', [...own('genre'), ...ofPack('genre')], 'Genre: {genre}'),
    ...(has('samples', 'bpm')
      ? [{ name: 'bpm', sql: tempoOf('samples.bpm'), line: 'BPM: {bpm | round}' }]
      : []),
    ...keyFields(has('samples', 'chord_type')),
    ...(has('samples', 'sample_type')
      ? [
          {
            name: 'kind',
            sql: `CASE lower(samples.sample_type) WHEN 'oneshot' THEN 'one-shot' ELSE ${firstOf('samples.sample_type')} END`,
            line: 'Type: {kind}',
          },
        ]
      : []),
    ...field('tags', own('tags'), 'Tags: {tags | join(", ")}'),
    // Splice stores milliseconds.
    ...(has('samples', 'duration') ? [{ name: 'duration', sql: 'samples.duration / 1000.0' }] : []),
    { name: 'path', sql: path },
  ];
  const names = fields.map(({ name }) => name);
  return {
    select: [
      selected(hashes === 'none' ? `samples.${row}` : 'samples.file_hash', fields),
      'FROM samples',
      ...(packs
        ? [`LEFT JOIN ${hasUniquePacks ? 'packs' : ONE_OF_EACH} ON packs.uuid = samples.pack_uuid`]
        : []),
      "WHERE samples.local_path <> ''",
      ...(hashes === 'repeated'
        ? [
            '  AND NOT EXISTS (SELECT 1 FROM samples AS twin WHERE twin.file_hash = samples.file_hash',
            `    AND twin.local_path <> '' AND twin.${row} < samples.${row})`,
          ]
        : []),
    ].join('\n'),
    notes: [...NOTES[hashes], 'Samples that are not downloaded (no local_path) are left out.'],
    text: linesOf(fields),
    show: ['title', 'pack', 'genre', 'bpm', 'musical_key'].filter((name) => names.includes(name)),
    filters: names,
    file: 'path',
    left: tables
      .columnsOf('samples')
      .filter((column) => /^(?:popularity|purchased_at|last_modified_at|waveform_url|dir)$/i.test(column)),
  };
}

/**
 * Splice writes the note in lower case (`c#`) and the scale in another column; some rows have both in one (`Cm`). For
 * an unknown scale the column is empty, and the text then has none.
 */
function keyFields(hasScale: boolean): LibraryField[] {
  const key = 'trim(samples.audio_key)';
  const note = `nullif(upper(substr(${key}, 1, 1)) || substr(${key}, 2), '')`;
  const scale = `lower(trim(samples.chord_type))`;
  if (!hasScale) return [{ name: 'musical_key', sql: note, line: 'Key: {musical_key}' }];
  return [
    {
      name: 'musical_key',
      sql: `${note} || CASE WHEN ${scale} LIKE 'min%' AND ${key} NOT LIKE '%m%' THEN 'm' ELSE '' END`,
      line: 'Key: {musical_key}',
    },
    {
      name: 'scale',
      sql: `CASE WHEN ${key} <> '' THEN CASE WHEN ${scale} LIKE 'min%' THEN 'minor' WHEN ${scale} LIKE 'maj%' THEN 'major' END END`,
      line: 'Scale: {scale}',
    },
  ];
}
