import { printed, type SampleHit } from '../../search/sample-hit.js';
import { plain } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';

/** From so many columns of a terminal on there is room for paths beside the rest. */
const WIDE = 120;

interface Column {
  name: string;
  right: boolean;
  /** Null: as `–`. */
  cell(hit: SampleHit): string | null;
}

/**
 * Rank, similarity, id and what the collection shows, with length and file where they are known, as a table that fits the
 * terminal: a path gives way, else the title. `columns`: of the terminal; undefined: as wide as it takes.
 */
export function hitsTable(hits: readonly SampleHit[], columns: number | undefined): string {
  const own = shownColumns(hits);
  const all: Column[] = [
    { name: '#', right: true, cell: ({ rank }) => String(rank) },
    { name: 'Similarity', right: true, cell: ({ similarity }) => similarity?.toFixed(3) ?? null },
    { name: 'Sample', right: true, cell: ({ sample_id: id }) => String(id) },
    ...own,
    ...(hits.some(({ also }) => also !== undefined) ? [ALSO] : []),
    ...(own.some(({ name }) => name === 'duration') || hits.every(({ duration }) => duration === null)
      ? []
      : [{ name: 'Length', right: true, cell: ({ duration }: SampleHit) => length(duration) }]),
    ...(own.some(({ name }) => name === 'path') ||
    hits.every(({ path }) => path === null) ||
    (columns !== undefined && columns < WIDE)
      ? []
      : [{ name: 'File', right: false, cell: ({ path }: SampleHit) => path }]),
  ];
  const path = all.findIndex(({ name }) => name === 'File' || name === 'path');
  return listTable(
    all.map(({ name }) => name),
    hits.map((hit) => all.map((column, at) => cellOf(hit, column, at))),
    {
      columns,
      flexible:
        path >= 0
          ? { column: path, how: 'cut-begin' }
          : // Of a collection whose text is its id alone, nothing else is shown.
            { column: Math.min(TITLE, all.length - 1), how: 'cut' },
      aligns: all.map(({ right }) => (right ? 'right' : 'left')),
    },
  );
}

/** How many near-duplicates a hit stands for. */
const ALSO: Column = {
  name: 'Also',
  right: true,
  cell: ({ also }) => (also === undefined ? '' : `+${also.length}`),
};

/** The place of the title's column. */
const TITLE = 3;

/** Of a sample that is gone nothing but its id is known. */
const cellOf = (hit: SampleHit, { cell }: Column, at: number): string =>
  hit.gone === true && at === TITLE ? '(gone from the catalog)' : plain(cell(hit) ?? '–');

function shownColumns(hits: readonly SampleHit[]): Column[] {
  const fields = hits[0]?.fields;
  if (fields === undefined)
    return [
      { name: 'Title', right: false, cell: ({ title }) => title },
      { name: 'Genre', right: false, cell: ({ genre }) => genre },
      { name: 'BPM', right: true, cell: ({ bpm }) => (bpm === null ? null : String(Math.round(bpm))) },
      { name: 'Key', right: false, cell: ({ key }) => key },
    ];
  return Object.entries(fields).map(([name, value]) => ({
    name,
    right: typeof value === 'number',
    cell: (hit) => printed(hit.fields?.[name]),
  }));
}

const length = (seconds: number | null): string | null =>
  seconds === null ? null : `${seconds.toFixed(1)} s`;
