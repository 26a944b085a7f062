import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { json } from '../e2e/scene.js';
import { idsOf, judge, readStore } from '../support/referee.js';
import { type Site, setSite } from './site.js';
import { smallDisk } from './small-disk.js';

const OTHER = 'other/model';
const SANDBOX = { models: ['openai/text-embedding-3-small', OTHER, 'third/model'] };
const build = (model: string): string[] => [
  'model',
  'build',
  model,
  '--dimensions',
  '1024',
  '--yes',
  '--json',
];

let site: Site;
afterEach(() => site?.close());

const generations = async (env = {}) => {
  const { stdout } = await site.run(['model', 'list', '--json'], env);
  return JSON.parse(stdout) as { generation: number; state: string; samples: number }[];
};

describe('the disk of the store', () => {
  it('full while another model is built: blocks with the cure, search goes on, and resume buys nothing twice', async (test) => {
    site = await setSite({ samples: 600, sandbox: SANDBOX });
    const folder = join(site.path, 'disk');
    const disk = smallDisk(folder);
    if (disk === null) return test.skip('no right to mount a small disk');
    site.later(() => disk.unmount());
    expect(disk.remount('size=64m')).toBe(true);
    const store = join(folder, 'store.db');
    const env = { TURSO_DATABASE_URL: `file:${store}`, BATCH_SIZE: '50', CONCURRENCY: '2' };
    expect(await site.run(['--all'], env)).toMatchObject({ code: 0 });
    const search = async () => site.run(['search', 'warm jazz', '--mode', 'vector', '--json'], env);
    const found = await search();
    const { digest } = readStore(store).facts;

    expect(disk.leave(1_500_000)).toBe(true);
    const blocked = await site.run(build(OTHER), env);
    expect(blocked).toMatchObject({ code: 3 });
    expect(json(blocked)).toMatchObject({ state: 'blocked', failed: 0 });
    expect(json(blocked).reason).toMatch(/the disk is full: make room, then embeddings resume/);
    expect(readStore(store).facts.digest).toBe(digest);
    expect(await search()).toMatchObject({ code: 0, stdout: found.stdout });

    expect(disk.remount('size=64m')).toBe(true);
    const done = json(await site.run(['resume', '--json'], env));
    expect(done).toMatchObject({ state: 'completed', failed: 0, run_id: json(blocked).run_id });
    expect(await generations(env)).toMatchObject([
      { generation: 1, state: 'active', samples: 600 },
      { generation: 2, state: 'building', samples: 600 },
    ]);
    expect(readStore(store).facts.digest).toBe(digest);
    const bill = site.sandbox.bill();
    expect(bill.boughtTwice).toBe(0);
    judge(store, idsOf(site.catalog), bill);
    expect(await site.run(['model', 'switch'], env)).toMatchObject({ code: 0 });
  });
});

describe('a run of all samples beside a build, in one-command mode', () => {
  it('has it plan its samples again, so that it holds those that came since', async () => {
    site = await setSite({ samples: 120, sandbox: SANDBOX });
    const env = { BATCH_SIZE: '20', CONCURRENCY: '1' };
    expect(await site.run(['--all'])).toMatchObject({ code: 0 });
    site.sandbox.setLatency(1500);
    const building = site.start([...build(OTHER), '--max-cost', '1'], env);
    const built = () => site.number('SELECT COUNT(*) FROM sample_embeddings_g2');
    await site.until(() => built() > 0);
    const db = new Database(site.catalog);
    db.exec("INSERT INTO samples (id, title) VALUES (900001, 'A new break')");
    db.close();
    const all = await site.run(['--all', '--json'], env);
    expect(all).toMatchObject({ code: 0 });
    expect(json(all)).toMatchObject({ stored: 1, unchanged: 120 });
    expect(json(await building.done)).toMatchObject({ state: 'completed', stored: 121 });
    expect(built()).toBe(121);
    expect(site.sandbox.bill().boughtTwice).toBe(0);
  });
});

describe('two builds at once', () => {
  it('of the same model are one run: the second joins it, and nothing is bought twice', async () => {
    site = await setSite({ samples: 400, sandbox: { ...SANDBOX, latencyMs: 300 } });
    expect(await site.run(['--all'])).toMatchObject({ code: 0 });
    const env = { BATCH_SIZE: '20', CONCURRENCY: '2' };
    const { inputs } = site.sandbox.bill();
    const both = [site.start(build(OTHER), env), site.start(build(OTHER), env)];
    const [one, two] = await Promise.all(both.map(({ done }) => done));
    for (const each of [one, two]) expect(each).toMatchObject({ code: 0 });
    expect(json(two as typeof one & object)).toMatchObject({
      state: 'completed',
      run_id: json(one as typeof two & object).run_id,
    });
    expect(await generations()).toMatchObject([{ state: 'active' }, { state: 'building', samples: 400 }]);
    expect(site.sandbox.bill()).toMatchObject({ inputs: 2 * inputs, boughtTwice: 0 });
  });

  it('of different models are two generations, each complete', async () => {
    site = await setSite({ samples: 400, sandbox: { ...SANDBOX, latencyMs: 300 } });
    expect(await site.run(['--all'])).toMatchObject({ code: 0 });
    const env = { BATCH_SIZE: '20', CONCURRENCY: '2' };
    const { inputs } = site.sandbox.bill();
    const both = [site.start(build(OTHER), env), site.start(build('third/model'), env)];
    for (const { done } of both) expect(await done).toMatchObject({ code: 0 });
    expect(await generations()).toMatchObject([
      { state: 'active' },
      { state: 'building', samples: 400 },
      { state: 'building', samples: 400 },
    ]);
    expect(site.sandbox.bill()).toMatchObject({ inputs: 3 * inputs, boughtTwice: 0 });
  });
});
