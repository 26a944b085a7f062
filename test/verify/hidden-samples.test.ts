import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderSample } from '../../src/domain/samples.js';
import { openStore } from '../../src/engines/libsql/index.js';
import { openCatalog } from '../../src/sources/index.js';
import type { Problem } from '../../src/verify/kinds.js';
import { verifyStore } from '../../src/verify/verify-store.js';
import { attempt, batch, vector } from '../engines/rows.js';
import { temporaryFolder } from '../support/cli.js';
import { postgresQuery, startPostgres, type TestPostgres } from '../support/postgres.js';
import { TODAY } from './place.js';

const folder = temporaryFolder();
let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(async () => {
  await server.stop();
  folder.remove();
});

it('what row-level security hides is neither checked nor called gone', async () => {
  const owner = await server.createDatabase('part');
  await postgresQuery(
    owner,
    `create table samples (id integer primary key, title text not null);
     create table vibe_analyses (sample_id integer);
     insert into samples select n, 'sample ' || n from generate_series(1, 10) as n;
     alter table samples enable row level security;
     create role reader login password 'reader';
     grant select on samples, vibe_analyses to reader;
     create policy part on samples for select using (id <= 6)`,
  );
  const all = await openCatalog(owner);
  const some = await openCatalog(owner.replace(/\/\/.*@/, '//reader:reader@'));
  const store = await openStore({ url: `file:${folder.path}/store.db` });
  try {
    await store.migrate();
    await store.openAttempts([attempt('r1')]);
    const samples = (await all.readPage({ after: null, limit: 10 })).map((row) =>
      renderSample(row, TODAY, TODAY.form),
    );
    const vectors = samples.map(({ id, text, hash }) => ({
      ...{ sampleId: id, text, contentHash: hash },
      vector: vector(id + 0.5),
    }));
    await store.commit(batch({ vectors }));
    const problems: Problem[] = [];
    const orphans: number[] = [];
    const findings = {
      problem: (problem: Problem) => void problems.push(problem),
      orphan: (id: number) => void orphans.push(id),
    };
    const seen = await verifyStore({ catalog: some, store }, TODAY, findings);
    expect(seen).toMatchObject({ checked: 6, unseen: 4, hidden: ['samples'], missing: 0 });
    expect(problems.filter(({ kind }) => kind === 'orphan')).toEqual([]);
    expect(orphans).toEqual([]);

    await postgresQuery(owner, 'delete from samples where id = 10');
    const whole = await verifyStore({ catalog: all, store }, TODAY, findings);
    expect(whole).toMatchObject({ checked: 10, unseen: 0, hidden: [] });
    expect(orphans).toEqual([10]);
  } finally {
    await all.close();
    await some.close();
    await store.close();
  }
});
