import type { InValue, ResultSet } from '@libsql/client';
import type { StoreConnection, StoreOptions } from './connection.js';
import type { GenerationScope } from './generations/scope.js';
import type { GenerationTables } from './generations/tables.js';
import { idList } from './rows.js';
import { enterStatements } from './search-words-schema.js';

/** What may be searched with one query vector: the model's rows of its length. Rows of the old script name no model. */
export interface QueryVector {
  model: string;
  /** Little-endian float32. */
  vector: Uint8Array;
}

/** Similarity is 1 − cosine distance. */
export interface Near {
  sampleId: number;
  similarity: number;
}

interface TextMatch {
  sampleId: number;
  /** Higher is better. */
  bm25: number;
}

/** Up to `limit` ids > `after`; null: from the first one on. */
export interface ListPage {
  after: number | null;
  limit: number;
}

export interface Listed {
  /** Ascending. */
  ids: number[];
  /** How many there are on all pages. */
  total: number;
}

export interface SearchReads {
  /** How many rows there are, and how many of them search does not know yet. */
  searchable(): Promise<{ rows: number; missing: number }>;
  /** Enters rows that were stored before search was there, `limit` at a time, after an id; null once there is none. */
  enterMissing(after: number | null, limit: number): Promise<number | null>;
  /** Whether some row has this model and so many bytes; and what the rows have, for a sentence, where none has. */
  hasVectorsOf(model: string, bytes: number): Promise<boolean>;
  vectorKinds(): Promise<{ model: string | null; bytes: number; rows: number }[]>;
  vectorOf(sampleId: number): Promise<{ model: string | null; vector: Uint8Array } | null>;
  /**
   * The nearest samples, best first. `candidates`: how many of the nearest by signature are compared exactly; null:
   * all. `among`: only these ids.
   */
  nearest(
    query: QueryVector,
    options: { limit: number; candidates: number | null; among: readonly number[] | null },
  ): Promise<Near[]>;
  /**
   * The exact similarity of each of these samples that has a vector of the query's kind, in no order. `best`: only of the most
   * similar, so many of them; default all.
   */
  similarities(query: QueryVector, ids: readonly number[], options?: { best?: number }): Promise<Near[]>;
  /** The exact similarity of up to `count` samples, spread over all ids: what any sample has. */
  background(query: QueryVector, count: number): Promise<Near[]>;
  /** The samples whose texts match an FTS5 expression best. */
  matching(
    expression: string,
    options: { limit: number; among: readonly number[] | null },
  ): Promise<TextMatch[]>;
  /** How many texts match each expression. */
  frequencies(expressions: readonly string[]): Promise<number[]>;
  /** For each expression, which of these samples match it. */
  matchesAmong(expressions: readonly string[], ids: readonly number[]): Promise<Set<number>[]>;
  /** The samples that search knows, among these ids (null: all), in order of id. */
  listed(among: readonly number[] | null, page: ListPage): Promise<Listed>;
  cachedQuery(hash: string): Promise<Uint8Array | null>;
  /** Keeps it, and what was asked; beyond so many (`keptQueries`) the oldest go. */
  cacheQuery(hash: string, model: string, vector: Uint8Array, text?: string): Promise<void>;
  /** What was asked for, the newest first. */
  pastQueries(limit: number): Promise<string[]>;
}

/** Of a query a vector: 60 MB of them. */
const KEPT_QUERIES = 10_000;
/** Texts of the longest in one answer: servers refuse more than 10 MB. */
const TEXTS_AT_ONCE = 250;

const FITS = '(model = ?2 OR model IS NULL) AND length(vibe_vector) = length(?1)';
const AMONG = 'IN (SELECT value FROM json_each(?4))';
const DISTANCE = 'vector_distance_cos(vibe_vector, ?1)';

/** Ids and distances as one value: the client takes longer to make a row of each than the database to compare it. */
const asList = (select: string): string =>
  `SELECT json_group_array(json_array(sample_id, distance)) AS found FROM (${select})`;

/** A zero or NaN vector has no direction, and no distance: it is near nothing. */
const nearOf = ({ rows }: ResultSet): Near[] =>
  (JSON.parse(String(rows[0]?.found ?? '[]')) as [number, number | null][]).flatMap(([sampleId, distance]) =>
    distance === null ? [] : [{ sampleId, similarity: 1 - distance }],
  );

export const createSearchReads = (
  connection: StoreConnection,
  scope: GenerationScope,
  { keptQueries = KEPT_QUERIES }: Pick<StoreOptions, 'keptQueries'> = {},
): SearchReads => ({
  async searchable() {
    const { rows } = await scope.read(
      'searchable',
      // FTS5's own rows, one a text, are a twentieth of the signatures.
      ({ vectors, texts }) =>
        `SELECT (SELECT COUNT(*) FROM ${vectors}) AS rows, (SELECT COUNT(*) FROM ${texts}_docsize) AS known`,
    );
    const all = Number(rows[0]?.rows ?? 0);
    return { rows: all, missing: Math.max(0, all - Number(rows[0]?.known ?? 0)) };
  },
  async enterMissing(after, limit) {
    const { rows } = await scope.read(
      'missing',
      ({ vectors, signatures }) =>
        `SELECT sample_id FROM ${vectors} WHERE ${after === null ? '' : `sample_id > ${BigInt(after)} AND`}
        NOT EXISTS (SELECT 1 FROM ${signatures} AS known WHERE known.sample_id = ${vectors}.sample_id)
        ORDER BY sample_id LIMIT ${BigInt(limit)}`,
    );
    const ids = rows.map((row) => Number(row.sample_id));
    const last = ids.at(-1);
    if (last === undefined) return null;
    for (let from = 0; from < ids.length; from += TEXTS_AT_ONCE) {
      const some = ids.slice(from, from + TEXTS_AT_ONCE);
      const texts = await scope.read(
        'texts',
        ({ vectors }) =>
          `SELECT sample_id, embedding_source FROM ${vectors} WHERE sample_id IN (${idList(some)})`,
      );
      const entered = texts.rows.map((row) => ({
        sampleId: Number(row.sample_id),
        text: typeof row.embedding_source === 'string' ? row.embedding_source : null,
      }));
      await scope.write('enter', (tables) => enterStatements(entered, tables));
    }
    return last;
  },
  async hasVectorsOf(model, bytes) {
    const { rows } = await scope.read('vectors of', ({ vectors }) => ({
      sql: `SELECT 1 FROM ${vectors} WHERE (model = ? OR model IS NULL) AND length(vibe_vector) = ? LIMIT 1`,
      args: [model, BigInt(bytes)],
    }));
    return rows.length > 0;
  },
  async vectorKinds() {
    const { rows } = await scope.read(
      'vector kinds',
      ({ vectors }) => `SELECT model, length(vibe_vector) AS bytes, COUNT(*) AS n FROM ${vectors}
        GROUP BY 1, 2 ORDER BY n DESC LIMIT 3`,
    );
    return rows.map((row) => ({
      model: row.model === null ? null : String(row.model),
      bytes: Number(row.bytes),
      rows: Number(row.n),
    }));
  },
  async vectorOf(sampleId) {
    const { rows } = await scope.read('vector', ({ vectors }) => ({
      sql: `SELECT model, vibe_vector FROM ${vectors} WHERE sample_id = ?`,
      args: [BigInt(sampleId)],
    }));
    const [row] = rows;
    return row === undefined
      ? null
      : { model: row.model === null ? null : String(row.model), vector: bytesOf(row.vibe_vector) };
  },
  async nearest({ model, vector }, { limit, candidates, among }) {
    const args: InValue[] = [vector, model, BigInt(limit)];
    if (among !== null) args.push(JSON.stringify(among));
    const exactly = (from: string, more: string): string =>
      `SELECT sample_id, ${DISTANCE} AS distance FROM ${from} WHERE ${FITS} ${more} ORDER BY distance LIMIT ?3`;
    const sql = ({ vectors, signatures }: GenerationTables): string =>
      candidates === null
        ? asList(exactly(vectors, among === null ? '' : `AND sample_id ${AMONG}`))
        : `WITH query AS MATERIALIZED (SELECT vector1bit(?1) AS bits), near AS MATERIALIZED (
            SELECT sample_id FROM ${signatures}
            WHERE length(bits) = (SELECT length(bits) FROM query) ${among === null ? '' : `AND sample_id ${AMONG}`}
            ORDER BY vector_distance_cos(bits, (SELECT bits FROM query)) LIMIT ${BigInt(candidates)})
          ${asList(exactly(`near JOIN ${vectors} USING (sample_id)`, ''))}`;
    return nearOf(await scope.read('nearest', (tables) => ({ sql: sql(tables), args })));
  },
  async similarities({ model, vector }, ids, { best } = {}) {
    if (ids.length === 0) return [];
    const order =
      best === undefined || best >= ids.length
        ? ''
        : `ORDER BY distance NULLS LAST, sample_id LIMIT ${BigInt(best)}`;
    const sql = ({ vectors }: GenerationTables): string =>
      asList(
        `SELECT sample_id, ${DISTANCE} AS distance FROM ${vectors} WHERE sample_id IN (${idList(ids)}) AND ${FITS} ${order}`,
      );
    const near = await scope.read('similarities', (tables) => ({ sql: sql(tables), args: [vector, model] }));
    return nearOf(near);
  },
  async background({ model, vector }, count) {
    const sql = ({
      vectors,
    }: GenerationTables): string => `WITH RECURSIVE span AS (SELECT MIN(sample_id) AS low, MAX(sample_id) AS high FROM ${vectors}),
        step(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM step WHERE n + 1 < ?3),
        some AS (SELECT DISTINCT (SELECT sample_id FROM ${vectors}
          WHERE sample_id >= low + CAST((high - low) * 1.0 / ?3 * n AS INTEGER) ORDER BY sample_id LIMIT 1) AS sample_id FROM step, span)
      ${asList(`SELECT sample_id, ${DISTANCE} AS distance FROM some JOIN ${vectors} USING (sample_id) WHERE ${FITS}`)}`;
    const args = [vector, model, BigInt(count)];
    return nearOf(await scope.read('background', (tables) => ({ sql: sql(tables), args })));
  },
  async matching(expression, { limit, among }) {
    const args: InValue[] = [expression, BigInt(limit)];
    if (among !== null) args.push(JSON.stringify(among));
    // +rowid: FTS5 would be asked anew for each id of the list, and rank every time.
    const sql = ({
      texts,
    }: GenerationTables): string => `SELECT rowid AS sample_id, -rank AS bm25 FROM ${texts} WHERE ${texts} MATCH ?1
      ${among === null ? '' : 'AND +rowid IN (SELECT value FROM json_each(?3))'} ORDER BY rank LIMIT ?2`;
    const { rows } = await scope.read('matching', (tables) => ({ sql: sql(tables), args }));
    return rows.map((row) => ({
      sampleId: Number(row.sample_id),
      bm25: Number(row.bm25),
    }));
  },
  async frequencies(expressions) {
    if (expressions.length === 0) return [];
    const counts = ({ texts }: GenerationTables): string[] =>
      expressions.map(
        (_, index) => `(SELECT COUNT(*) FROM ${texts} WHERE ${texts} MATCH ?${index + 1}) AS n${index}`,
      );
    const { rows } = await scope.read('frequencies', (tables) => ({
      sql: `SELECT ${counts(tables).join(', ')}`,
      args: [...expressions],
    }));
    return expressions.map((_, index) => Number(rows[0]?.[`n${index}`] ?? 0));
  },
  async matchesAmong(expressions, ids) {
    const found = expressions.map(() => new Set<number>());
    if (expressions.length === 0 || ids.length === 0) return found;
    const { rows } = await scope.read('matches among', ({ texts }) => ({
      sql: expressions
        .map(
          (_, index) => `SELECT ${index} AS term, rowid AS sample_id FROM ${texts}
            WHERE ${texts} MATCH ?${index + 1} AND rowid IN (${idList(ids)})`,
        )
        .join(' UNION ALL '),
      args: [...expressions],
    }));
    for (const row of rows) found[Number(row.term)]?.add(Number(row.sample_id));
    return found;
  },
  async listed(among, { after, limit }) {
    const { rows } = await scope.read('listed', ({ signatures }) => ({
      sql: `WITH fits AS (SELECT sample_id FROM ${signatures}
          ${among === null ? '' : 'WHERE sample_id IN (SELECT value FROM json_each(?2))'})
        SELECT (SELECT COUNT(*) FROM fits) AS total, (SELECT json_group_array(sample_id) FROM (
          SELECT sample_id FROM fits ${after === null ? '' : `WHERE sample_id > ${BigInt(after)}`}
          ORDER BY sample_id LIMIT ?1)) AS ids`,
      args: [BigInt(limit), ...(among === null ? [] : [JSON.stringify(among)])],
    }));
    return { ids: JSON.parse(String(rows[0]?.ids ?? '[]')) as number[], total: Number(rows[0]?.total ?? 0) };
  },
  async cachedQuery(hash) {
    const { rows } = await connection.read('cached query', {
      sql: 'SELECT vector FROM query_embeddings WHERE query_hash = ?',
      args: [hash],
    });
    return rows[0] === undefined ? null : bytesOf(rows[0].vector);
  },
  async pastQueries(limit) {
    const sql = 'SELECT text FROM query_log ORDER BY last_at DESC, text LIMIT ?';
    const { rows } = await connection.read('past queries', { sql, args: [BigInt(limit)] });
    return rows.map((row) => String(row.text));
  },
  async cacheQuery(hash, model, vector, text) {
    const now = new Date().toISOString();
    const logged = [
      {
        sql: 'INSERT INTO query_log VALUES (?1, ?2, ?2) ON CONFLICT (text) DO UPDATE SET last_at = ?2',
        args: [text ?? '', now],
      },
      `DELETE FROM query_log WHERE rowid <= (SELECT MAX(rowid) FROM query_log) - ${BigInt(keptQueries)}`,
    ];
    await connection.write('cache query', [
      ...(text === undefined ? [] : logged),
      {
        sql: 'INSERT OR IGNORE INTO query_embeddings VALUES (?, ?, ?, ?)',
        args: [hash, model, vector, now],
      },
      // Rowids are given one after the other, and nobody else deletes.
      `DELETE FROM query_embeddings WHERE rowid <= (SELECT MAX(rowid) FROM query_embeddings) - ${BigInt(keptQueries)}`,
    ]);
  },
});

const bytesOf = (value: unknown): Uint8Array =>
  value instanceof Uint8Array ? value : new Uint8Array(value as ArrayBuffer);
