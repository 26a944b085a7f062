import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderSample } from '../../src/domain/samples.js';
import { openStore } from '../../src/engines/libsql/index.js';
import type { Store } from '../../src/engines/store.js';
import { openCatalog } from '../../src/sources/index.js';
import type { Catalog } from '../../src/sources/types.js';
import { Database } from '../../src/sqlite.js';
import type { Problem } from '../../src/verify/kinds.js';
import { type Report, verifyStore } from '../../src/verify/verify-store.js';
import { attempt, batch, MODEL, run, vector } from '../engines/rows.js';
import { LIBRARY_FORM } from '../support/library-form.js';

export const TODAY = { model: MODEL, dimensions: 4, form: LIBRARY_FORM };

/** A catalog and a store of their own, with everything embedded that was asked for. */
export interface Place {
  catalog: Catalog;
  store: Store;
  storeFile: string;
  /** Straight into the files, past the product. */
  inStore(sql: string, ...args: unknown[]): void;
  inCatalog(sql: string, ...args: unknown[]): void;
  /** Stores these samples as a completed run would. */
  embed(ids: readonly number[]): Promise<void>;
  verify(
    pageRows?: number,
  ): Promise<{ report: Report; problems: Problem[]; damaged: number[]; orphans: number[] }>;
  close(): Promise<void>;
}

export async function setPlace(ids: readonly number[]): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-verify-'));
  const catalogFile = join(folder, 'catalog.db');
  const storeFile = join(folder, 'store.db');
  const write = (file: string, sql: string, args: unknown[]): void => {
    const db = new Database(file);
    db.prepare(sql).run(...args);
    db.close();
  };
  const db = new Database(catalogFile);
  db.exec(
    'CREATE TABLE samples (id INTEGER PRIMARY KEY, title TEXT); CREATE TABLE vibe_analyses (sample_id INTEGER)',
  );
  const insert = db.prepare('INSERT INTO samples VALUES (?, ?)');
  db.transaction(() => {
    for (const id of ids) insert.run(id, `sample ${id}`);
  })();
  db.close();
  const catalog = await openCatalog(catalogFile);
  const store = await openStore({ url: `file:${storeFile}` });
  await store.migrate();
  return {
    catalog,
    store,
    storeFile,
    inStore: (sql, ...args) => write(storeFile, sql, args),
    inCatalog: (sql, ...args) => write(catalogFile, sql, args),
    async embed(wanted) {
      const samples = (await catalog.readIds(wanted)).map((row) => renderSample(row, TODAY, TODAY.form));
      await store.openAttempts([attempt('r1')]);
      const vectors = samples.map(({ id, text, hash }) => ({
        sampleId: id,
        text,
        contentHash: hash,
        vector: vector(id + 0.5),
      }));
      const settlement = {
        requestId: 'r1',
        status: 'settled',
        tokens: 10,
        costNanos: 200,
        costSource: 'provider',
      } as const;
      await store.commit(batch({ vectors, settlements: [settlement] }));
      await store.saveRun(run({ state: 'completed' }));
    },
    async verify(pageRows) {
      const problems: Problem[] = [];
      const damaged: number[] = [];
      const orphans: number[] = [];
      const findings = {
        problem: (problem: Problem) => void problems.push(problem),
        damaged: ({ id }: { id: number }) => void damaged.push(id),
        orphan: (id: number) => void orphans.push(id),
      };
      const report = await verifyStore({ catalog, store }, TODAY, findings, pageRows);
      return { report, problems, damaged, orphans };
    },
    async close() {
      await catalog.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
