import { printed, type SampleHit } from '../../search/sample-hit.js';
import { plain } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';

/** Rank, similarity, id and what the collection shows, as a table that fits the terminal: a path gives way, else the title. */
export function hitsTable(hits: readonly SampleHit[], columns: number | undefined): string {
  const fields = hits[0]?.fields;
  const shown = fields === undefined ? ['Title', 'Genre', 'BPM', 'Key'] : Object.keys(fields);
  const path = fields === undefined ? -1 : shown.indexOf('path');
  const numeric = (name: string): boolean =>
    fields === undefined ? name === 'BPM' : typeof fields[name] === 'number';
  const folded = hits.some(({ also }) => also !== undefined);
  return listTable(
    ['#', 'Similarity', 'Sample', ...shown, ...(folded ? ['Also'] : [])],
    hits.map((hit) => [
      String(hit.rank),
      hit.similarity === null ? '–' : hit.similarity.toFixed(3),
      plain(String(hit.sample_id)),
      ...named(hit, hit.fields === undefined ? ofLibrary(hit) : Object.values(hit.fields).map(cell)),
      ...(folded ? [hit.also === undefined ? '' : `+${hit.also.length}`] : []),
    ]),
    {
      columns,
      flexible:
        path >= 0
          ? { column: 3 + path, how: 'cut-begin' }
          : // Of a collection whose text is its id alone, nothing else is shown.
            { column: Math.min(3, 2 + shown.length), how: 'cut' },
      aligns: ['right', 'right', 'right', ...shown.map((name) => (numeric(name) ? 'right' : 'left'))],
    },
  );
}

const ofLibrary = ({ title, genre, bpm, key }: SampleHit): string[] => [
  plain(title ?? '–'),
  plain(genre ?? '–'),
  bpm === null ? '–' : String(Math.round(bpm)),
  plain(key ?? '–'),
];

/** Of a sample that is gone nothing else is known. */
const named = ({ gone }: SampleHit, cells: string[]): string[] =>
  gone === true ? ['(gone from the catalog)', ...cells.slice(1)] : cells;

const cell = (value: unknown): string => plain(printed(value) ?? '–');
