import { afterEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { json, type Scene, setScene } from '../e2e/scene.js';
import { idsOf, judge, readStore } from '../support/referee.js';

let scene: Scene;
afterEach(() => scene?.close());

const edit = (file: string, sql: string, ...args: unknown[]): void => {
  const db = new Database(file);
  db.pragma('foreign_keys = OFF');
  db.prepare(sql).run(...args);
  db.close();
};
const setVector = (id: number | undefined, value: Buffer): void =>
  edit(scene.store, 'UPDATE sample_embeddings SET vibe_vector = ? WHERE sample_id = ?', value, id);

interface Answer {
  ok: boolean;
  checked: number;
  missing: number;
  problems: { kind: string; sample_id: number | null; message: string }[];
  counts: Record<string, number>;
  repair?: { embedded: number; removed: number; given_up: number; found: object; runs: { stored: number }[] };
}
const answer = (output: { stdout: string }): Answer => json(output) as unknown as Answer;

/** Breaks a store of at least 200 samples in every way; the ids whose texts a repair has to buy, and the one gone. */
function breakEverything(): { damaged: number[]; orphan: number } {
  const ids = idsOf(scene.catalog);
  const at = (index: number): number => ids[index] as number;
  const whole = readStore(scene.store).vectors[20]?.vibe_vector as Buffer;
  const nan = Buffer.from(whole);
  nan.writeFloatLE(Number.NaN, 4096);
  setVector(at(3), whole.subarray(0, 6140));
  setVector(at(17), nan);
  setVector(at(40), Buffer.alloc(6144));
  edit(scene.store, "UPDATE sample_embeddings SET embedding_source = 'x' WHERE sample_id = ?", at(41));
  edit(scene.catalog, "UPDATE samples SET title = 'edited' WHERE id = ?", at(110));
  edit(scene.catalog, 'DELETE FROM samples WHERE id = ?', at(150));
  edit(
    scene.store,
    `INSERT INTO api_usage (request_id, run_id, batch_id, model, operation, status, created_at)
      SELECT 'left', run_id, 'b99', 'm', 'embeddings', 'pending', '2026-11-23' FROM embedding_runs`,
  );
  return { damaged: [at(3), at(17), at(40), at(41), at(110)], orphan: at(150) };
}

describe('embeddings verify', () => {
  it('says nothing is there before the first run, makes no store, and is no failure', async () => {
    scene = await setScene(30);
    const none = await scene.run(['verify', '--json']);
    expect(none.code).toBe(0);
    expect(answer(none)).toMatchObject({ ok: true, checked: 0, missing: 30, problems: [] });
    expect(() => readStore(scene.store)).toThrow();
  });

  it('passes a healthy store without writing or sending; lists all that is off; repairs exactly that', async () => {
    scene = await setScene(220);
    expect(await scene.run(['--all'])).toMatchObject({ code: 0 });
    const healthy = await scene.run(['verify', '--json'], { OPENROUTER_API_KEY: '' });
    expect(healthy.code).toBe(0);
    expect(answer(healthy)).toMatchObject({ ok: true, checked: 220, missing: 0, problems: [], counts: {} });

    const { damaged, orphan } = breakEverything();
    const { digest } = readStore(scene.store).facts;
    const found = await scene.run(['verify', '--json']);
    expect(found.code).toBe(1);
    expect(answer(found).problems.map(({ kind, sample_id }) => [kind, sample_id])).toEqual([
      ['wrong_length', damaged[0]],
      ['not_finite', damaged[1]],
      ['all_zero', damaged[2]],
      ['text_mismatch', damaged[3]],
      ['stale', damaged[4]],
      ['orphan', orphan],
      ['ledger_pending', null],
    ]);
    expect(answer(found)).toMatchObject({ ok: false, checked: 220, counts: { stale: 1, orphan: 1 } });
    const said = await scene.run(['verify']);
    expect(said.code).toBe(1);
    expect(said.stdout).toContain('7 problems');
    expect(said.stdout).toContain('embeddings verify --repair');
    expect(readStore(scene.store).facts.digest).toBe(digest);

    const before = scene.sandbox.bill();
    const repaired = await scene.run(['verify', '--repair', '--json']);
    expect(repaired.code).toBe(0);
    expect(answer(repaired)).toMatchObject({
      ok: true,
      checked: 219,
      problems: [],
      repair: { embedded: 5, removed: 1, given_up: 0, found: { stale: 1 }, runs: [{ stored: 5 }] },
    });
    const after = scene.sandbox.bill();
    expect(after.inputs - before.inputs).toBe(damaged.length);
    expect(after.requests - before.requests).toBe(1);
    const facts = judge(scene.store, idsOf(scene.catalog), after);
    expect(facts.uncertain).toBe(1);
    expect(facts.settledNanos).toBe(after.costNanos);
    expect(await scene.run(['verify'])).toMatchObject({ code: 0 });
  });

  it('names what it cannot repair, sends nothing for it, and still exits 1', async () => {
    scene = await setScene(20);
    expect(await scene.run(['--all'])).toMatchObject({ code: 0 });
    edit(scene.store, 'UPDATE embedding_runs SET tokens = tokens + 1');
    const { requests } = scene.sandbox.bill();
    for (const args of [
      ['verify', '--repair'],
      ['verify', '--repair', '--json'],
    ]) {
      const run = await scene.run(args);
      expect(run.code).toBe(1);
      expect(run.stdout).toContain('ledger_total');
    }
    expect(scene.sandbox.bill().requests).toBe(requests);
  });

  it('does not empty a store because DATABASE_URL names another catalog', async () => {
    scene = await setScene(20);
    expect(await scene.run(['--all'])).toMatchObject({ code: 0 });
    edit(scene.catalog, 'UPDATE samples SET id = id + 1000000');
    const run = await scene.run(['verify', '--repair', '--yes']);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/does DATABASE_URL .* name the right one\?/);
    expect(readStore(scene.store).vectors).toHaveLength(20);
  });

  it('a repair that the provider blocks says so, and goes on by the run it began', async () => {
    scene = await setScene(20);
    expect(await scene.run(['--all'])).toMatchObject({ code: 0 });
    const [id] = idsOf(scene.catalog);
    setVector(id, Buffer.alloc(6144));
    scene.sandbox.setFaults([{ fault: { kind: 'status', status: 402, message: 'no credit' } }]);
    const blocked = await scene.run(['verify', '--repair', '--json']);
    expect(blocked.code).toBe(3);
    expect(answer(blocked)).toMatchObject({ ok: false, repair: { runs: [{ state: 'blocked' }] } });
    scene.sandbox.setFaults([]);
    const { inputs } = scene.sandbox.bill();
    expect(await scene.run(['verify', '--repair'])).toMatchObject({ code: 0 });
    expect(scene.sandbox.bill().inputs - inputs).toBe(1);
  });

  it('shows the first fifty and counts the rest; --json has them all', async () => {
    scene = await setScene(300);
    expect(await scene.run(['--all'])).toMatchObject({ code: 0 });
    edit(scene.catalog, "UPDATE samples SET title = title || '!'");
    const said = await scene.run(['verify']);
    expect(said.stdout.match(/^ {2}sample \d+ +stale /gm)).toHaveLength(50);
    expect(said.stdout).toContain('and 250 more; --json for all');
    expect(answer(await scene.run(['verify', '--json'])).problems).toHaveLength(300);
  });
});
