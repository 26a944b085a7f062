import type { Row } from '@libsql/client';
import { connect, type StoreConnection, type StoreOptions } from './connection.js';
import { createScope, type GenerationScope, initialKnownGenerations } from './generations/scope.js';
import { idList } from './rows.js';
import { type EntriesMark, entriesMark, idsOfRuns, NEWEST_ENTRY } from './search-entries.js';
import { parseStoreUrl } from './url.js';

/** A sample as read for a search index in memory. */
export interface IndexedRow {
  sampleId: number;
  /** One bit a dimension; null: the stored vector has another number of dimensions. */
  bits: Uint8Array | null;
  source: string | null;
  /** See search-words.ts. */
  words: string | null;
}

/** A moment of a store, from which later writes and index entries can be found. */
export interface StorePlace {
  /** The id in `store_identity`. */
  storeId: string;
  /** The store's clock minus some seconds: rows that are committed later have a later `created_at`. */
  at: string;
  entries: EntriesMark;
}

export interface StoreChanges {
  /** The moment from which the next look starts. */
  place: StorePlace;
  /** Ids of rows that may have changed or been deleted. */
  ids: number[];
  /** Number of samples that are indexed for search. */
  count: number;
}

/** The paged reads of a search index in memory. They omit samples that are not indexed for search yet. */
export interface IndexReads {
  /** Returns a value that changes with every commit; null: the store is a server, which has no such value. */
  dataVersion(): Promise<string | null>;
  /** Returns the current moment. Call it before reading everything, and pass it to `changesSince` later. */
  place(): Promise<StorePlace>;
  /** Returns ids > `after`, ascending. */
  ids(after: number | null, limit: number): Promise<number[]>;
  /**
   * Returns up to `limit` samples with ids > `after`, ascending. `has[i]`: 1 if the i-th sample has a signature of
   * `dimensions`. Its signature is the i-th part of `bits`, one byte for eight dimensions; other parts are zero.
   */
  signatures(
    after: number | null,
    page: { limit: number; dimensions: number },
  ): Promise<{ ids: number[]; has: number[]; bits: Uint8Array }>;
  /** Returns the texts of the samples from one id to another, inclusive. */
  texts(from: number, to: number): Promise<Omit<IndexedRow, 'bits'>[]>;
  /** Returns what was indexed or written since; null: this can no longer be determined. */
  changesSince(place: StorePlace): Promise<StoreChanges | null>;
  rowsOf(ids: readonly number[], dimensions: number): Promise<IndexedRow[]>;
  /** Returns the ids of all texts that match an FTS5 expression. */
  holding(expression: string): Promise<number[]>;
  /** Returns the same with their BM25, which takes several times as long. `ids`: only these; null: all. */
  bm25(expression: string, ids: readonly number[] | null): Promise<{ sampleId: number; bm25: number }[]>;
  close(): Promise<void>;
}

/** Clocks of several writers of one file differ by less than this. */
const MARGIN = '-5 seconds';
const PLACE = `(SELECT store_id FROM store_identity) AS store_id, datetime('now', '${MARGIN}') AS at, ${NEWEST_ENTRY} AS entries`;

function placeOf(row: Row | undefined): StorePlace | null {
  const entries = entriesMark(row?.entries);
  return row === undefined || entries === null
    ? null
    : { storeId: String(row.store_id), at: String(row.at), entries };
}
/** Compares lengths with a sample vector, since libSQL adds bytes of its own after the bits of one-bit vectors. */
const hasBits = (dimensions: number): string =>
  `coalesce(length(bits) = (SELECT length(vector1bit(zeroblob(${BigInt(4 * dimensions)})))), 0)`;
const bytesOf = (dimensions: number): bigint => BigInt(Math.ceil(dimensions / 8));

/** Opens the reads on a separate read-only connection. */
export async function openIndexReads({
  generation,
  ...options
}: Pick<StoreOptions, 'url' | 'authToken'> & {
  /** The generation to read, active or not. */
  generation: number;
}): Promise<IndexReads> {
  const connection = await connect({ ...options, readOnly: true });
  const isFile = parseStoreUrl(options.url).kind === 'file';
  const scope = createScope(connection, initialKnownGenerations(), generation);
  return { ...createIndexReads(connection, scope, isFile), close: () => connection.close() };
}

const createIndexReads = (
  connection: StoreConnection,
  scope: GenerationScope,
  isFile: boolean,
): Omit<IndexReads, 'close'> => ({
  async dataVersion() {
    if (!isFile) return null;
    const { rows } = await connection.read('data version', 'PRAGMA data_version');
    return String(rows[0]?.data_version);
  },
  async place() {
    const { rows } = await connection.read('place', `SELECT ${PLACE}`);
    const place = placeOf(rows[0]);
    if (place === null) throw new Error('the store has no notes of what was entered');
    return place;
  },
  async ids(after, limit) {
    const { rows } = await scope.read(
      'ids',
      ({
        signatures,
      }) => `SELECT json_group_array(sample_id) AS ids FROM (SELECT sample_id FROM ${signatures} ${beyond(after)}
        ORDER BY sample_id LIMIT ${BigInt(limit)})`,
    );
    return JSON.parse(String(rows[0]?.ids ?? '[]')) as number[];
  },
  async signatures(after, { limit, dimensions }) {
    const bytes = bytesOf(dimensions);
    // The page is returned as one value: one row for each sample takes ten times as long.
    const { rows } = await scope.read(
      'signatures',
      ({
        signatures,
      }) => `SELECT json_group_array(sample_id) AS ids, json_group_array(has) AS has, group_concat(hex(bits), '') AS bits FROM (
        SELECT sample_id, ${hasBits(dimensions)} AS has,
          CASE WHEN ${hasBits(dimensions)} THEN substr(bits, 1, ${bytes}) ELSE zeroblob(${bytes}) END AS bits
        FROM ${signatures} ${beyond(after)} ORDER BY sample_id LIMIT ${BigInt(limit)})`,
    );
    const [row] = rows;
    return {
      ids: JSON.parse(String(row?.ids ?? '[]')) as number[],
      has: JSON.parse(String(row?.has ?? '[]')) as number[],
      bits: Buffer.from(String(row?.bits ?? ''), 'hex'),
    };
  },
  async texts(from, to) {
    const { rows } = await scope.read(
      'texts',
      ({ search }) => `SELECT sample_id, embedding_source AS source, words FROM ${search}
        WHERE sample_id BETWEEN ${BigInt(from)} AND ${BigInt(to)} ORDER BY sample_id`,
    );
    return rows.map((row) => ({
      sampleId: Number(row.sample_id),
      source: textOf(row.source),
      words: textOf(row.words),
    }));
  },
  async changesSince({ storeId, at, entries }) {
    const { rows } = await scope.read('changes', ({ number, vectors, texts }) => ({
      sql: `SELECT ${PLACE}, (SELECT token FROM search_entries WHERE number = ?1) AS token,
        (SELECT json_group_array(json(ids)) FROM search_entries WHERE number > ?1 AND generation = ?2) AS entered,
        (SELECT json_group_array(sample_id) FROM ${vectors} WHERE created_at >= ?3) AS written,
        (SELECT COUNT(*) FROM ${texts}_docsize) AS count`,
      args: [BigInt(entries.number), BigInt(number), at],
    }));
    const [row] = rows;
    const place = placeOf(row);
    if (row === undefined || place?.storeId !== storeId || row.token !== entries.token) return null;
    const entered = (JSON.parse(String(row.entered)) as number[][]).flatMap(idsOfRuns);
    const written = JSON.parse(String(row.written)) as number[];
    return { place, ids: [...new Set([...entered, ...written])], count: Number(row.count) };
  },
  async rowsOf(ids, dimensions) {
    if (ids.length === 0) return [];
    const { rows } = await scope.read(
      'indexed rows',
      ({
        signatures,
        search,
      }) => `SELECT sample_id, CASE WHEN ${hasBits(dimensions)} THEN substr(bits, 1, ${bytesOf(dimensions)}) END AS bits,
          embedding_source AS source, words
        FROM ${signatures} JOIN ${search} USING (sample_id) WHERE sample_id IN (${idList(ids)}) ORDER BY sample_id`,
    );
    return rows.map((row) => ({
      sampleId: Number(row.sample_id),
      bits: row.bits == null ? null : new Uint8Array(row.bits as ArrayBuffer),
      source: textOf(row.source),
      words: textOf(row.words),
    }));
  },
  async holding(expression) {
    const { rows } = await scope.read('holding', ({ texts }) => ({
      sql: `SELECT json_group_array(rowid) AS ids FROM ${texts} WHERE ${texts} MATCH ?`,
      args: [expression],
    }));
    return JSON.parse(String(rows[0]?.ids ?? '[]')) as number[];
  },
  async bm25(expression, ids) {
    // With plain `rowid`, SQLite would query FTS5 again for each id of the list and rank every time.
    const { rows } = await scope.read('bm25', ({ texts }) => ({
      sql: `SELECT json_group_array(json_array(sample_id, bm25)) AS found FROM (
        SELECT rowid AS sample_id, -rank AS bm25 FROM ${texts} WHERE ${texts} MATCH ?1
        ${ids === null ? '' : 'AND +rowid IN (SELECT value FROM json_each(?2))'})`,
      args: [expression, ...(ids === null ? [] : [JSON.stringify(ids)])],
    }));
    return (JSON.parse(String(rows[0]?.found ?? '[]')) as [number, number][]).map(([sampleId, bm25]) => ({
      sampleId,
      bm25,
    }));
  },
});

const beyond = (after: number | null): string => (after === null ? '' : `WHERE sample_id > ${BigInt(after)}`);

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
