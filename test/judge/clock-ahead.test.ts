import { afterEach, expect, it } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { editCatalog, readLedger, type Site, setSite } from './index.mjs';

const SAMPLES = 60;
const EDITED = Array.from({ length: 20 }, (_, index) => 3 * index + 1);
const DAMAGED = [5, 6, 7];
const HOUR = 3_600_000;

/** The process's own clock is an hour ahead. */
const AHEAD = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`const D = Date, now = D.now;
    globalThis.Date = class extends D {
      constructor(...a) { if (a.length) super(...a); else super(now() + ${HOUR}); }
      static now() { return now() + ${HOUR}; }
    };`)}`,
};

let site: Site;
afterEach(() => site?.close());

const inStore = (act: (db: Database.Database) => void): void => {
  const db = new Database(site.store.replace('file:', ''), { timeout: 10_000 });
  act(db);
  db.close();
};

/** Temporal's clock on that machine was ahead, too: it says when a run began, and here its clock cannot be shifted. */
const asIfBegunAhead = (): void =>
  inStore((db) =>
    db.exec(`UPDATE sample_embeddings SET
      run_started_at = strftime('%Y-%m-%dT%H:%M:%fZ', run_started_at, '+1 hour'),
      created_at = datetime(created_at, '+1 hour');
      UPDATE embedding_runs SET started_at = strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '+1 hour')`),
  );

it('after a run on a machine whose clock is an hour ahead, edits are bought once and stored; reset and repair work', async () => {
  site = await setSite({ samples: SAMPLES, settings: { BATCH_SIZE: '20' } });
  const product = site.product('home');
  const charged = (): number => [...site.bill().times.values()].reduce((sum, times) => sum + times, 0);
  const stored = async (): Promise<Map<number, string>> =>
    new Map([...(await readLedger(site.store)).vectors].map(([id, { text }]) => [id, text]));

  expect((await product.run(['--all', '--json'], AHEAD)).said).toMatchObject({ stored: SAMPLES, failed: 0 });
  asIfBegunAhead();

  const edited = editCatalog(site.catalogFile, SAMPLES, EDITED);
  expect((await product.run(['--all', '--json'])).said).toMatchObject({
    state: 'completed',
    stored: EDITED.length,
    unchanged: SAMPLES - EDITED.length,
    failed: 0,
  });
  expect(await stored()).toEqual(edited.texts);
  expect(charged()).toBe(SAMPLES + EDITED.length);
  // And it was stored for good: nothing is left to buy.
  expect((await product.run(['--all', '--json'])).said).toMatchObject({ requests: 0, unchanged: SAMPLES });

  const reset = await product.run(['--reset', '--all', '--yes', '--json'], AHEAD);
  expect(reset.said).toMatchObject({ state: 'completed', stored: SAMPLES, failed: 0 });
  asIfBegunAhead();
  expect((await product.run(['--reset', '--all', '--yes', '--json'])).said).toMatchObject({
    state: 'completed',
    stored: SAMPLES,
    failed: 0,
  });
  expect(charged()).toBe(3 * SAMPLES + EDITED.length);
  const runs = new Set([...(await readLedger(site.store)).vectors.values()].map(({ runId }) => runId));
  expect(runs.size).toBe(1);

  asIfBegunAhead();
  inStore((db) =>
    db.exec(`UPDATE sample_embeddings SET vibe_vector = zeroblob(6144) WHERE sample_id IN (${DAMAGED})`),
  );
  const repair = await product.run(['verify', '--repair', '--yes', '--json']);
  expect(repair.code, repair.stderr).toBe(0);
  expect(charged()).toBe(3 * SAMPLES + EDITED.length + DAMAGED.length);
  const { code, said } = await product.run(['verify', '--json']);
  expect({ code, problems: said?.problems }).toEqual({ code: 0, problems: [] });
}, 900_000);
