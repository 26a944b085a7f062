import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@libsql/client';
import { DIMENSIONS, MODEL, texts } from './texts.mjs';

const TRIES = 3;

/**
 * Prepares the method of the old script: one text a request, one commit each, one after the other. It skips stored
 * samples, tries three times, one second apart, and leaves out a sample that still fails.
 */
export async function prepare({ catalog, baseUrl, store, samples }) {
  const db = createClient({ url: store });
  await db.execute(`CREATE TABLE IF NOT EXISTS sample_embeddings (
    sample_id INTEGER PRIMARY KEY, vibe_vector BLOB NOT NULL, embedding_source TEXT,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)`);

  async function embed(input) {
    const answer = await fetch(`${baseUrl}/embeddings`, {
      method: 'POST',
      headers: { Authorization: 'Bearer bench', 'Content-Type': 'application/json' },
      body: JSON.stringify({ model: MODEL, input, dimensions: DIMENSIONS }),
    });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    const { data } = await answer.json();
    return new Uint8Array(Float32Array.from(data[0].embedding).buffer);
  }

  async function one({ id, text }) {
    for (let left = TRIES - 1; ; left--)
      try {
        const sql =
          'INSERT OR REPLACE INTO sample_embeddings (sample_id, vibe_vector, embedding_source) VALUES (?, ?, ?)';
        return await db.execute({ sql, args: [id, await embed(text), text] });
      } catch (error) {
        if (left === 0) return console.error(`sample ${id}: ${error.message}`);
        await wait(1000);
      }
  }

  return {
    async work() {
      const { rows } = await db.execute('SELECT sample_id FROM sample_embeddings');
      const done = new Set(rows.map((row) => Number(row.sample_id)));
      for (const sample of await texts(catalog, samples)) if (!done.has(sample.id)) await one(sample);
    },
    close: () => db.close(),
  };
}

export { STORED } from './ours.mjs';
