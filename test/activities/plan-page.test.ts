import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { createActivities } from '../../src/activities/index.js';
import { loadSettings } from '../../src/config.js';
import type { PlanPageResult } from '../../src/contract/activities.js';
import { renderSample } from '../../src/domain/samples.js';
import type { Store } from '../../src/engines/store.js';
import { openDependencies } from '../../src/hosting/open-dependencies.js';
import type { SampleRow } from '../../src/sources/types.js';
import { type Scene, setScene } from '../e2e/scene.js';
import { planOf } from '../support/embed-batch.js';

const SAMPLES = 26_500;
const silent = { info() {}, warn() {}, error() {} };

let scene: Scene;
let dependencies: Dependencies & { close(): Promise<void> };
let rows: SampleRow[];
beforeAll(async () => {
  scene = await setScene(SAMPLES);
  dependencies = await openDependencies(loadSettings(scene.env, scene.path), silent);
  rows = await dependencies.catalog.readPage({ after: null, limit: SAMPLES });
});
afterAll(async () => {
  await dependencies?.close();
  await scene?.close();
});

const plan = { ...planOf(SAMPLES), batchSize: 100 };

/**
 * The pages of a plan over a catalog of that dialect, all of which is stored but the sample at that place. Which slices were asked for,
 * as how many rows after which place.
 */
async function planned(dialect: 'sqlite' | 'postgres', staleAt: number | null) {
  const { catalog, store, form } = dependencies;
  const stored = new Map(
    rows.map((row) => [
      row.id,
      {
        ...{ sampleId: row.id, contentHash: renderSample(row, plan, form).hash, runId: 'run-0' },
        ...{ vectorBytes: 4 * plan.dimensions, source: null },
      },
    ]),
  );
  if (staleAt !== null) stored.delete(rows[staleAt]?.id ?? 0);
  const asked: string[] = [];
  const slices = {
    ...{ ...catalog, dialect },
    readPage: (query: Parameters<typeof catalog.readPage>[0]) => {
      asked.push(`${query.limit} after ${1 + rows.findIndex(({ id }) => id === query.after)}`);
      return catalog.readPage(query);
    },
  };
  const full: Store = {
    ...store,
    of: () => full,
    storedRows: async (ids) => ids.flatMap((id) => stored.get(id) ?? []),
    failuresOf: async () => [],
  };
  const activities = createActivities({ ...dependencies, catalog: slices, store: full });
  const pages: PlanPageResult[] = [];
  let after: number | null = null;
  let leftover = { ids: '', tokensBound: 0 };
  do {
    const page: PlanPageResult = await new MockActivityEnvironment().run(activities.planPage, {
      ...{ plan, selection: { kind: 'all' } as const, exactTokens: false, nextBatch: 1, after, leftover },
    });
    pages.push(page);
    ({ after, leftover } = page);
  } while (pages.at(-1)?.done !== true);
  return { asked, pages };
}

describe('the slices of a plan', () => {
  it('grow where a database server is asked and nothing is to be done', async () => {
    const { asked, pages } = await planned('postgres', null);
    expect(pages).toMatchObject([
      { selected: 20_000, unchanged: 20_000, batches: [], done: false },
      { selected: SAMPLES - 20_000, unchanged: SAMPLES - 20_000, batches: [], done: true },
    ]);
    // The next slice is requested while the last is compared, so it is as large as that. The second page goes on with it.
    expect(asked).toEqual([
      ...['1000 after 0', '1000 after 1000', '2000 after 2000'],
      ...[4, 8, 12, 16, 20, 24].map((thousands) => `4000 after ${thousands}000`),
      '4000 after 26500',
    ]);
  });

  it('are short again where something is to be done', async () => {
    const { asked, pages } = await planned('postgres', 4500);
    expect(pages.map(({ selected }) => selected)).toEqual([23_000, SAMPLES - 23_000]);
    expect(pages.at(-1)?.batches).toMatchObject([{ count: 1, ids: String(rows[4500]?.id) }]);
    expect(asked.slice(3, 6)).toEqual(['4000 after 4000', '4000 after 8000', '1000 after 12000']);
  });

  it('stay as they are where a file is read', async () => {
    const { asked } = await planned('sqlite', null);
    expect(asked).toEqual(
      Array.from({ length: 28 }, (_, at) => `1000 after ${Math.min(1000 * at, SAMPLES)}`),
    );
  });
});
