import { createHash } from 'node:crypto';
import { createClient } from '@libsql/client/http';
import { Database } from '../../../dist/sqlite.js';
import { digest, textKey } from './bill.mjs';

const PAGE = 400;
/** Everything that a second run must leave as it is; `embedding_runs` alone gains a row. */
const TABLES = { sample_embeddings: 'sample_id', embedding_failures: 'sample_id', api_usage: 'rowid' };

/** The store from outside, by another library than the product's where it is a file. */
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

/** What the store holds; a row's bytes are digested one page at a time, so that a large store fits. */
export async function readStore(url) {
  const store = openStore(url);
  const whole = createHash('sha256');
  const facts = { samples: new Map(), hashes: new Map(), failed: new Map(), ledger: [], digest: '' };
  try {
    for (const [table, key] of Object.entries(TABLES))
      for await (const row of pages(store, table, key)) {
        for (const [name, value] of Object.entries(row)) whole.update(`${name}=`).update(bytesOf(value));
        take[table](facts, row);
      }
    facts.digest = whole.digest('hex');
    return facts;
  } finally {
    store.close();
  }
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
    samples.set(Number(row.sample_id), { key, vector, text: row.embedding_source });
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
