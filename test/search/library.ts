import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { openStore } from '../../src/engines/libsql/index.js';
import type { Store } from '../../src/engines/store.js';
import { seeded } from '../../src/seeded-random.js';
import { type Catalog, openCatalog } from '../../src/sources/index.js';
import { Database } from '../../src/sqlite.js';

export const MODEL = 'test/index';
export const DIMENSIONS = 64;

const WORDS = (
  'dark moody hip hop drum loop warm dusty vinyl kick snare techno house pad bright piano slow fast break the and of ' +
  'running runs ran 808 DarkPad Kick808 Café Straße 電子鼓 重低音 красный हिन्दी C# minor'
).split(' ');

/** A store of made texts and vectors that lie in clusters. */
export interface Library {
  url: string;
  store: Store;
  /** Rows of ids 1 to 1,200, of which some have no vector. */
  catalog: Catalog;
  /** Changes the catalog. */
  change(statement: string): void;
  put(ids: readonly number[], options?: { seed?: number }): Promise<void>;
  /** By another program. */
  sql(statement: string): Promise<void>;
  query(seed: number): { model: string; vector: Uint8Array };
  text(seed: number): string;
  close(): Promise<void>;
}

export async function makeLibrary(): Promise<Library> {
  const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-index-'));
  const url = `file:${join(folder, 'store.db')}`;
  const store = await openStore({ url });
  await store.migrate();
  const catalogFile = join(folder, 'catalog.db');
  makeCatalog(catalogFile);
  const catalog = await openCatalog(`sqlite:///${catalogFile}`);
  let fence = 0;
  const vector = (seed: number): Uint8Array => {
    const [random, centre] = [seeded(seed), seeded(1000 + (seed % 9))];
    return new Uint8Array(
      Float32Array.from({ length: DIMENSIONS }, () => centre.next() - 0.4 + random.next() - 0.5).buffer,
    );
  };
  const text = (seed: number): string => {
    const random = seeded(seed);
    return Array.from({ length: random.integer(1, 30) }, () => random.pick(WORDS)).join(' ');
  };
  return {
    url,
    store,
    catalog,
    change(statement) {
      const db = new Database(catalogFile);
      db.exec(statement);
      db.close();
    },
    text: (seed) => text(seed).split(' ').slice(0, 5).join(' '),
    query: (seed) => ({ model: MODEL, vector: vector(seed) }),
    async sql(statement) {
      const client = createClient({ url });
      await client.execute(statement);
      client.close();
    },
    async put(ids, { seed = 0 } = {}) {
      fence += 1;
      for (let from = 0; from < ids.length; from += 500)
        await store.commit({
          runId: `run-${fence}`,
          batchId: String(from),
          model: MODEL,
          runStartedAt: `2026-01-01T00:00:0${fence % 10}.000Z`,
          fence,
          vectors: ids.slice(from, from + 500).map((id) => ({
            sampleId: id,
            text: `Title: ${text(id + seed)}`,
            contentHash: `${id} ${seed}`,
            vector: vector(id + seed),
          })),
          copies: [],
          failures: [],
          settlements: [],
          notedDelta: 0,
        });
    },
    async close() {
      await catalog.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeCatalog(path: string): void {
  const db = new Database(path);
  db.exec(
    'CREATE TABLE samples (id INTEGER PRIMARY KEY, title TEXT, genre TEXT, bpm REAL, tags JSON, duration REAL, file_path TEXT)',
  );
  const insert = db.prepare('INSERT INTO samples VALUES (?, ?, ?, ?, ?, ?, ?)');
  const random = seeded(77);
  db.transaction(() => {
    for (let id = 1; id <= 1200; id++)
      insert.run(
        ...[
          id,
          `Sample ${id}`,
          random.pick(['House', 'house', 'Techno', 'Hip Hop', null]),
          random.integer(60, 180),
        ],
        ...[JSON.stringify(random.some(['vinyl', 'Lo-Fi', 'café'], 2)), random.next() * 10, `a/${id}.wav`],
      );
  })();
  db.close();
}
