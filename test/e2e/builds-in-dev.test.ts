import { expect, it } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { setSite } from '../chaos/site.js';

const OTHER = 'other/model';

it('a schedule of `embeddings dev` brings what is being built up to date, too', async (test) => {
  const site = await setSite({
    samples: 60,
    sandbox: { models: ['openai/text-embedding-3-small', OTHER] },
  });
  test.onTestFinished(() => site.close());
  expect(await site.run(['--all'])).toMatchObject({ code: 0 });
  expect(await site.run(['model', 'build', OTHER, '--dimensions', '64', '--yes'])).toMatchObject({ code: 0 });
  const dev = site.start(['dev']);
  await dev.says(/A worker is up/);
  const db = new Database(site.catalog);
  db.exec("INSERT INTO samples (id, title) VALUES (900001, 'A new break')");
  db.close();
  expect(await site.run(['schedule', 'create', 'nightly', '--cron', '0 3 1 1 *'])).toMatchObject({ code: 0 });
  expect(await site.run(['schedule', 'trigger', 'nightly'])).toMatchObject({ code: 0 });
  for (const table of ['sample_embeddings', 'sample_embeddings_g2'])
    await site.until(() => site.number(`SELECT COUNT(*) FROM ${table} WHERE sample_id = 900001`) === 1);
  expect(site.sandbox.bill().boughtTwice).toBe(0);
  dev.child.kill('SIGTERM');
  expect(await dev.done).toMatchObject({ code: 0 });
}, 120_000);
