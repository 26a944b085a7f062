import { bytesOf, type RenderedSample, renderSample } from '../domain/samples.js';
import type { StoredVector, VectorPage, VerifyReads } from '../engines/libsql/verify-reads.js';
import type { Store } from '../engines/store.js';
import type { Catalog } from '../sources/types.js';
import type { Today } from './check-text.js';

/** Stored rows and samples of one range of ids, ascending; either may lack the other. */
export interface JoinedPage {
  pairs: { row: StoredVector; sample: RenderedSample | null }[];
  /** In the catalog, but not stored. */
  unstored: RenderedSample[];
}

export interface PageSources {
  catalog: Pick<Catalog, 'readPage' | 'idKind'>;
  /** Null: there is no store yet. */
  store: (Pick<VerifyReads, 'vectorPage'> & Pick<Store, 'identity' | 'knownNumbers'>) | null;
  table: 'none' | 'old' | 'ours';
}

/**
 * Joins store and catalog by id, with one page of each in memory. Each stored row is read before its sample, so that a
 * row stored by a concurrent run is never reported as damage: every finding was true at one moment.
 */
export async function* readPages(
  sources: PageSources,
  today: Today,
  limit = 500,
): AsyncGenerator<JoinedPage> {
  yield* readJoined(sources, today, limit);
  if ((await sources.catalog.idKind()) === 'text') yield* readUnnumbered(sources, today, limit);
}

/**
 * Yields rows whose text id has no number in the store, as no range of numbers contains them. A row that a concurrent
 * run has numbered and stored meanwhile is left out.
 */
async function* readUnnumbered(
  { catalog, store }: PageSources,
  today: Today,
  limit: number,
): AsyncGenerator<JoinedPage> {
  const book = store !== null && (await store.identity()) !== null ? store : null;
  for (let after: number | null = null; ; ) {
    const rows = await catalog.readPage({ after, limit });
    const known = await book?.knownNumbers(rows.flatMap(({ textId }) => textId ?? []));
    const unnumbered = rows.filter(({ textId }) => textId !== undefined && known?.has(textId) !== true);
    if (unnumbered.length > 0)
      yield { pairs: [], unstored: unnumbered.map((row) => renderSample(row, today, today.form)) };
    if (rows.length < limit) return;
    after = rows.at(-1)?.id ?? null;
  }
}

async function* readJoined(
  { catalog, store, table }: PageSources,
  today: Today,
  limit: number,
): AsyncGenerator<JoinedPage> {
  let after: number | null = null;
  while (true) {
    const page: VectorPage =
      store === null || table === 'none'
        ? { rows: [], last: true }
        : await store.vectorPage({ after, limit, bytes: bytesOf(today), table });
    const upTo: number = page.last
      ? Number.MAX_SAFE_INTEGER
      : (page.rows.at(-1)?.sampleId ?? Number.MAX_SAFE_INTEGER);
    yield* joinUpTo(catalog, page.rows, { after, upTo }, today, limit);
    if (page.last) return;
    after = upTo;
  }
}

/** Joins the rows with the catalog between two ids, where it may hold many more samples than there are rows. */
async function* joinUpTo(
  catalog: Pick<Catalog, 'readPage'>,
  rows: StoredVector[],
  { after, upTo }: { after: number | null; upTo: number },
  today: Today,
  limit: number,
): AsyncGenerator<JoinedPage> {
  let cursor = after;
  let next = 0;
  while (true) {
    const ranges = [{ from: Number.MIN_SAFE_INTEGER, to: upTo }];
    const found = (await catalog.readPage({ after: cursor, limit, ranges })).map((row) =>
      renderSample(row, today, today.form),
    );
    const last = found.length < limit;
    const end = last ? upTo : (found.at(-1)?.id ?? upTo);
    const samples = new Map(found.map((sample) => [sample.id, sample]));
    const pairs: JoinedPage['pairs'] = [];
    for (; next < rows.length; next++) {
      const row = rows[next] as StoredVector;
      if (row.sampleId > end) break;
      pairs.push({ row, sample: samples.get(row.sampleId) ?? null });
      samples.delete(row.sampleId);
    }
    if (pairs.length > 0 || samples.size > 0) yield { pairs, unstored: [...samples.values()] };
    if (last) return;
    cursor = end;
  }
}
