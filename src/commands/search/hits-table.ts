import { printed, type SampleHit } from '../../search/sample-hit.js';
import { plain } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';

/** Minimum terminal width, in columns, for the table to include paths. */
const WIDE = 120;

interface Column {
  name: string;
  right: boolean;
  /** Null is shown as `–`. */
  cell(hit: SampleHit): string | null;
}

/**
 * Formats hits as a table: rank, similarity, id and the collection's shown columns, then length and file if they are
 * known. It fits the terminal: the path is cut first, or the title if there is no path. `columns`: the terminal's
 * width; undefined: no limit.
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
          : // If the text is only the id, the table has no title column.
            { column: Math.min(TITLE, all.length - 1), how: 'cut' },
      aligns: all.map(({ right }) => (right ? 'right' : 'left')),
    },
  );
}

/** Number of near-duplicates that a hit represents. */
const ALSO: Column = {
  name: 'Also',
  right: true,
  cell: ({ also }) => (also === undefined ? '' : `+${also.length}`),
};

/** Index of the title's column. */
const TITLE = 3;

/** Returns a cell's text. Of a sample that is gone only the id is known. */
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
