import { hash as sha256 } from 'node:crypto';
import { hostname } from 'node:os';
import type { CatalogMark } from '../contract/plan.js';
import type { Catalog, SampleRow } from '../sources/types.js';

/** Rows in a mark: the first, and the next one after 4, 16, 64 … ids. */
const MOST_ROWS = 12;
const STEP = 4;
/** Share of these rows that may be gone or renamed: a catalog is edited while a run is in progress. */
const MOST_CHANGED = 0.25;

type Readable = Pick<Catalog, 'place' | 'readPage' | 'readIds'>;

const shortHash = (text: string): string => sha256('sha256', text, 'hex').slice(0, 12);

/** Returns what names a row to a person: its other fields change whenever it is analysed again. */
const nameOf = ({ textId, title, id }: SampleRow): string => JSON.stringify(textId ?? [id, title ?? null]);

/** Includes the host name for a file: the same path on another machine is another file. */
const placeOf = ({ place }: Pick<Catalog, 'place'>): string =>
  shortHash(/^(?:SQLite|folder)/.test(place) ? `${hostname()} ${place}` : place);

/** Creates the mark by which another machine, where the address may differ, recognises the catalog. */
export async function markCatalog(catalog: Readable): Promise<CatalogMark> {
  const rows: CatalogMark['rows'] = [];
  let after: number | null = null;
  for (let step = 1; rows.length < MOST_ROWS; step *= STEP) {
    const [row] = await catalog.readPage({ after, limit: 1 });
    if (row === undefined) break;
    rows.push([row.id, shortHash(nameOf(row))]);
    // Text ids have no numbers between them to step over.
    after = row.textId === undefined ? row.id + step - 1 : row.id;
  }
  return { place: placeOf(catalog), rows };
}

/**
 * Returns whether this catalog is the marked one: read at the same place, or with mostly the same rows. A false no
 * leaves work to other workers; a false yes mixes two libraries. So at most a fourth of the rows may differ.
 */
export async function isMarked(catalog: Readable, mark: CatalogMark): Promise<boolean> {
  if (placeOf(catalog) === mark.place) return true;
  if (mark.rows.length === 0) return (await catalog.readPage({ after: null, limit: 1 })).length === 0;
  const there = new Map(
    (await catalog.readIds(mark.rows.map(([id]) => id))).map((row) => [row.id, shortHash(nameOf(row))]),
  );
  const changed = mark.rows.filter(([id, hash]) => there.get(id) !== hash).length;
  return changed <= Math.floor(mark.rows.length * MOST_CHANGED);
}
