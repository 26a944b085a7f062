import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { textKey } from '../referee/bill.mjs';
import { openStore, tablesOf } from '../referee/store.mjs';

const MARGIN_MS = 3000;
const PATIENCE = 200;

/** Records the texts in flight at a kill: charged but not stored, or claimed by an attempt that is still pending. */
export function createCensus({ store: url, bill }) {
  const stored = new Set();
  let since = '0000';

  const look = async () => {
    const store = openStore(url);
    try {
      const now = Date.now();
      const vectors = (await tablesOf(store)).filter(({ kind }) => kind === 'sample_embeddings');
      for (const { table } of vectors)
        for (const row of await pages(store, table, since))
          stored.add(textKey(row.model, row.embedding_source));
      const pending = await store.all("SELECT text_hashes FROM api_usage WHERE status = 'pending'");
      since = new Date(now - MARGIN_MS).toISOString().slice(0, 19).replace('T', ' ');
      return pending.flatMap((row) => JSON.parse(row.text_hashes ?? '[]'));
    } finally {
      store.close();
    }
  };

  return async () => {
    const charged = chargedKeys(bill);
    for (let tries = 1; ; tries++) {
      try {
        const hashes = await look();
        return { keys: charged.filter((key) => !stored.has(key)), hashes };
      } catch (error) {
        // Before the first migration nothing is in flight. Other errors are retried, since a killed store comes back.
        if (/no such table/.test(String(error))) return { keys: charged, hashes: [] };
        if (tries === PATIENCE) throw error;
        await wait(50);
      }
    }
  };
}

/** Reads the rows written since then, in pages, since a server's answer is limited. */
async function pages(store, table, since) {
  const found = [];
  for (let after = -1; ; after = Number(found.at(-1).sample_id)) {
    const page = await store.all(
      `SELECT sample_id, model, embedding_source FROM ${table}
       WHERE created_at >= ? AND sample_id > ? ORDER BY sample_id LIMIT 2000`,
      [since, after],
    );
    found.push(...page);
    if (page.length < 2000) return found;
  }
}

function chargedKeys(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return [...new Set(lines.filter(Boolean).flatMap((line) => JSON.parse(line).keys))];
}
