import { createClient as openServer } from '@libsql/client/http';
import { createClient as openFile } from '@libsql/client/sqlite3';
import { Database } from '../dist/sqlite.js';

const DIMENSIONS = 1536;
const PAGE = `SELECT s.id, s.title, s.genre, s.bpm, v.mood_primary AS mood, v.texture_tags AS tags FROM samples s
  LEFT JOIN vibe_analyses v ON v.sample_id = s.id WHERE s.id > ? ORDER BY s.id LIMIT ?`;
const TABLE = `CREATE TABLE IF NOT EXISTS vectors (sample_id INTEGER PRIMARY KEY, vector F32_BLOB(${DIMENSIONS}), text TEXT)`;

/**
 * Returns the samples a second of a loop as an engineer writes it by hand: fetch, base64, one transaction a batch,
 * nothing else. It shares no code with the product. `connections`: connections to the store, which the batches share.
 */
export async function handLoop({
  catalog,
  baseUrl,
  store,
  connections = 1,
  concurrency,
  samples,
  batch = 100,
}) {
  const rows = new Database(catalog, { readonly: true });
  const page = rows.prepare(PAGE);
  const open = store.startsWith('file:') ? openFile : openServer;
  const clients = Array.from({ length: connections }, () => open({ url: store }));
  await clients[0].execute(TABLE);
  const idle = [...clients];
  const waiting = [];
  const withClient = async (act) => {
    const client = idle.pop() ?? (await new Promise((resolve) => waiting.push(resolve)));
    try {
      return await act(client);
    } finally {
      const next = waiting.shift();
      if (next) next(client);
      else idle.push(client);
    }
  };
  let after = 0;
  const one = async () => {
    for (;;) {
      const part = page.all(after, batch);
      if (part.length === 0) return;
      after = part.at(-1).id;
      const input = part.map(
        ({ title, genre, bpm, mood, tags }) =>
          `Title: ${title}\nGenre: ${genre}\nBPM: ${bpm}\nMood: ${mood}\nTags: ${tags}`,
      );
      const response = await fetch(`${baseUrl}/embeddings`, {
        method: 'POST',
        headers: { Authorization: 'Bearer bench', 'Content-Type': 'application/json' },
        body: JSON.stringify({
          model: 'openai/text-embedding-3-small',
          input,
          dimensions: DIMENSIONS,
          encoding_format: 'base64',
        }),
      });
      const { data } = await response.json();
      const args = part.flatMap((row, at) => [row.id, Buffer.from(data[at].embedding, 'base64'), input[at]]);
      const sql = `INSERT OR REPLACE INTO vectors VALUES ${part.map(() => '(?, ?, ?)').join(', ')}`;
      await withClient((client) => client.batch([{ sql, args }], 'write'));
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: concurrency }, one));
  const seconds = (performance.now() - begin) / 1000;
  const [{ stored }] = (await clients[0].execute('SELECT COUNT(*) AS stored FROM vectors')).rows;
  for (const client of clients) client.close();
  rows.close();
  if (Number(stored) !== samples) throw new Error(`the hand-written loop stored ${stored} of ${samples}`);
  return samples / seconds;
}
