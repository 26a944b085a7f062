import { readFileSync } from 'node:fs';
import { createDemoCatalog } from '../../dist/local/demo-catalog/index.js';
import { Database } from '../../dist/sqlite.js';
import { texts } from './contenders/texts.mjs';

/** Creates a catalog in which every text is different, so that a text that is charged twice was bought twice. */
export async function fill(path, samples, poisoned) {
  await createDemoCatalog({ path, samples });
  const db = new Database(path);
  db.exec("UPDATE samples SET title = COALESCE(title, '') || ' ' || id");
  if (poisoned)
    db.prepare(
      "UPDATE samples SET title = 'POISON' WHERE id = (SELECT id FROM samples ORDER BY id LIMIT 1 OFFSET ?)",
    ).run(samples / 2);
  db.close();
}

/** Returns the tokens a minute for `perSecond` samples, as the provider estimates tokens: a quarter of the bytes. */
export async function tokensAMinute(catalog, samples, perSecond) {
  const all = await texts(catalog, samples);
  const tokens = all.reduce((sum, { text }) => sum + Math.ceil(Buffer.byteLength(text) / 4), 0);
  return Math.round((60 * perSecond * tokens) / samples);
}

/** Reads a bill. `twice`: texts charged again; `again`: texts answered again, charged or from the response cache. */
export function readBill(file) {
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const keys = lines.flatMap((line) => line.keys);
  const distinct = new Set(keys).size;
  const answered = lines.reduce((sum, { entry }) => sum + entry.inputs, 0);
  return {
    twice: keys.length - distinct,
    again: answered - distinct,
    requests: lines.length,
    refused: lines.filter(({ entry }) => entry.status === 429).length,
  };
}
