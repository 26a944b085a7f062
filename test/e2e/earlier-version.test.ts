import { hash } from 'node:crypto';
import { join } from 'node:path';
import { type Client, createClient, type InStatement } from '@libsql/client';
import { expect, it } from 'vitest';
import { OLD_STORE, write } from '../engines/version-0-1.js';
import { json, setScene } from './scene.js';

/** Rows as 0.1.0 wrote them, with its fingerprint: of model, dimensions and text. */
async function rowsOf(client: Client): Promise<InStatement[]> {
  const { rows } = await client.execute(
    'SELECT sample_id, vibe_vector, embedding_source AS text FROM sample_embeddings',
  );
  return rows.map(({ sample_id: id, vibe_vector: vector, text }) => ({
    sql: `INSERT INTO sample_embeddings (sample_id, vibe_vector, embedding_source, content_hash, model, run_id,
      run_started_at) VALUES (?, ?, ?, ?, 'openai/text-embedding-3-small', 'old-run', '2026-11-23T00:00:00.000Z')`,
    args: [
      id as number,
      vector as ArrayBuffer,
      String(text),
      hash('sha256', JSON.stringify(['openai/text-embedding-3-small', 1536, String(text)]), 'hex'),
    ],
  }));
}

it('a store of 0.1.0 is taken over as the collection samples, and nothing in it is bought again', async () => {
  const scene = await setScene(150);
  try {
    expect(json(await scene.run(['--all', '--json']))).toMatchObject({ stored: 150 });
    const bought = scene.sandbox.bill().inputs;
    const old = `file:${join(scene.path, 'old.db')}`;
    const client = createClient({ url: `file:${scene.store}` });
    const rows = await rowsOf(client);
    client.close();
    await write(old, [...OLD_STORE, ...rows]);

    const env = { TURSO_DATABASE_URL: old, EMBEDDINGS_HOME: join(scene.path, 'home') };
    const run = json(await scene.run(['--all', '--json'], env));
    expect(run).toMatchObject({ state: 'completed', unchanged: 150, stored: 0, requests: 0 });
    expect(scene.sandbox.bill().inputs).toBe(bought);
    const listed = JSON.parse((await scene.run(['collections', '--json'], env)).stdout);
    expect(listed).toMatchObject([{ name: 'samples', vectors: 150, state: 'completed' }]);
    const other = await scene.run(['--all', '--json'], { ...env, EMBEDDINGS_COLLECTION: 'drums' });
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('of the collection samples') });
  } finally {
    await scene.close();
  }
});
