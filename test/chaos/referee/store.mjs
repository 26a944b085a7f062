import { createHash } from 'node:crypto';
import { createClient } from '@libsql/client/http';
import { Database } from '../../../dist/sqlite.js';
import { digest, textKey } from './bill.mjs';

const PAGE = 400;
/** The tables that a second run must leave unchanged; only `embedding_runs` gains a row. */
const KEYS = { sample_embeddings: 'sample_id', embedding_failures: 'sample_id', api_usage: 'rowid' };

/** Opens the store from outside; a file is opened with another library than the product's. */
export function openStore(url) {
  if (url.startsWith('http')) {
    const client = createClient({ url });
    return {
      all: async (sql, args = []) => (await client.execute({ sql, args })).rows,
      close: () => client.close(),
    };
  }
  const db = new Database(url.replace(/^file:/, ''), { readonly: true, timeout: 10_000 });
  return { all: async (sql, args = []) => db.prepare(sql).all(...args), close: () => db.close() };
}

/** Returns each table with purchases: its name, and the name of the active generation's table of that kind. */
export async function tablesOf(store) {
  const rows = await store.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
  return rows
    .map(({ name }) => ({ table: name, kind: name.replace(/_g\d+$/, '') }))
    .filter(({ kind }) => kind in KEYS);
}

/**
 * Reads the store. Rows are hashed page by page, so that a large store fits into memory. `samples` and `failed` are
 * those of the active generation, `beside` those of each other generation, `queries` the texts of searches.
 */
export async function readStore(url) {
  const store = openStore(url);
  const whole = createHash('sha256');
  const facts = {
    samples: new Map(),
    hashes: new Map(),
    failed: new Map(),
    beside: [],
    queries: [],
    ledger: [],
  };
  const beside = new Map();
  try {
    for (const { table, kind } of await tablesOf(store)) {
      const own = table === kind ? facts : besideOf(beside, table.slice(kind.length));
      for await (const row of pages(store, table, KEYS[kind])) {
        for (const [name, value] of Object.entries(row)) whole.update(`${name}=`).update(bytesOf(value));
        take[kind]({ ...facts, ...own }, row);
      }
    }
    facts.queries = await queriesOf(store);
    return { ...facts, beside: [...beside.values()], digest: whole.digest('hex') };
  } finally {
    store.close();
  }
}

function besideOf(beside, mark) {
  const own = beside.get(mark) ?? { samples: new Map(), failed: new Map() };
  beside.set(mark, own);
  return own;
}

/** Returns the texts of searches; none in a store of a version without `query_log`. */
const queriesOf = async (store) => {
  const known = await store.all("SELECT 1 FROM sqlite_master WHERE name = 'query_log'");
  return known.length === 0 ? [] : (await store.all('SELECT text FROM query_log')).map(({ text }) => text);
};

/** Returns every vector of a table, by sample. */
export async function vectorsIn(store, table) {
  const found = new Map();
  for await (const { sample_id: id, vibe_vector: bytes } of pages(store, table, 'sample_id')) {
    const { buffer, byteOffset, byteLength } = asBuffer(bytes);
    found.set(Number(id), new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength)));
  }
  return found;
}

async function* pages(store, table, key) {
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = await store.all(
      `SELECT ${key} AS page_key, * FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${PAGE}`,
      [after],
    );
    yield* rows.map((row) => ({ ...row }));
    if (rows.length < PAGE) return;
    after = Number(rows.at(-1).page_key);
  }
}

const take = {
  sample_embeddings({ samples, hashes }, row) {
    const key = textKey(row.model, row.embedding_source);
    const vector = digest(asBuffer(row.vibe_vector));
    samples.set(Number(row.sample_id), { key, model: row.model, vector, text: row.embedding_source });
    hashes.set(row.content_hash, key);
  },
  embedding_failures: ({ failed }, row) => void failed.set(Number(row.sample_id), row.reason),
  api_usage({ ledger }, row) {
    const { bound_nanos: bound = null } = JSON.parse(row.extra_metadata ?? '{}');
    const nanos = row.total_cost_nanos === null ? null : Number(row.total_cost_nanos);
    ledger.push({ id: row.request_id, status: row.status, nanos, bound });
  },
};

const asBuffer = (value) => (value instanceof ArrayBuffer ? Buffer.from(value) : value);
const bytesOf = (value) =>
  value instanceof ArrayBuffer || Buffer.isBuffer(value) ? asBuffer(value) : `${typeof value}:${value}|`;
