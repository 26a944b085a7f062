import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createPruneSlice } from '../../src/activities/prune-slice.js';
import type { PruneSliceInput, PruneSliceResult } from '../../src/contract/activities.js';
import { refuseOtherCatalog } from '../../src/domain/prune-guard.js';
import { batch, failure } from '../engines/rows.js';
import { type Place, setPlace } from '../verify/place.js';

let place: Place;
afterEach(() => place?.close());

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const plan = { runId: 'run-1' } as PruneSliceInput['plan'];

const prune = (from: Partial<PruneSliceInput> = {}, parts: Partial<Place> = {}): Promise<PruneSliceResult> =>
  new MockActivityEnvironment().run(createPruneSlice({ ...place, ...parts, log: silent }), {
    plan,
    table: from.table ?? 'vectors',
    after: from.after ?? null,
  });
const storedIds = (): Promise<number[]> => place.store.vectorIds({ after: null, limit: 100_000 });

describe('pruning', () => {
  it('deletes vectors and failures of what is gone, and nothing else', async () => {
    place = await setPlace(upTo(2500));
    await place.embed(upTo(2400));
    await place.store.commit(batch({ failures: [failure(2450), failure(2460)] }));
    place.inCatalog('DELETE FROM samples WHERE id IN (1, 1000, 1001, 2400, 2460)');
    const done = { table: 'failures', done: true, pruned: 5 };
    expect(await prune()).toMatchObject(done);
    expect(await storedIds()).toEqual(upTo(2399).filter((id) => ![1, 1000, 1001].includes(id)));
    expect((await place.store.listFailures({ after: null, limit: 9 })).map((row) => row.sampleId)).toEqual([
      2450,
    ]);
    // Done again, as after a crash between the deleting and the report: the same answer.
    expect(await prune()).toMatchObject(done);
  });

  it('looks at a bounded slice and says where the next begins', async () => {
    place = await setPlace(upTo(20_100));
    await place.embed(upTo(20_100));
    place.inCatalog('DELETE FROM samples WHERE id IN (5, 20050)');
    const first = await prune();
    expect(first).toEqual({ table: 'vectors', after: 20_000, done: false, pruned: 1 });
    expect(await prune(first)).toMatchObject({ done: true, pruned: 2 });
  });

  it('asks the catalog twice: what is back by then stays', async () => {
    place = await setPlace(upTo(10));
    await place.embed(upTo(10));
    let asked = 0;
    const whichExist = async (ids: readonly number[]) =>
      asked++ === 0 ? new Set(ids.slice(1)) : place.catalog.whichExist(ids);
    expect(await prune({}, { catalog: { ...place.catalog, whichExist } })).toMatchObject({ pruned: 0 });
    expect(asked).toBeGreaterThan(1);
    expect(await storedIds()).toEqual(upTo(10));
  });

  it.each([['samples'], ['table sounds'], ['table vibe_analyses'], ['source.select']])(
    'is refused where row-level security hides rows of %s',
    async (name) => {
      place = await setPlace(upTo(3));
      await place.embed(upTo(3));
      const hiding = { catalog: { ...place.catalog, hiddenTables: async () => [name] } };
      await expect(prune({}, hiding)).rejects.toThrow(
        new RegExp(`hides rows of ${name} .*Nothing was pruned`),
      );
      expect(await storedIds()).toEqual(upTo(3));
    },
  );

  it('refuses an empty catalog, and one that has shrunk to less than half of the store', async () => {
    place = await setPlace(upTo(10));
    await place.embed(upTo(10));
    place.inCatalog('DELETE FROM samples WHERE id > 4');
    await expect(prune()).rejects.toThrow(
      /the catalog holds 4 samples, the store 10 vectors, .* does DATABASE_URL \(or source in embeddings\.config\.yaml\) name the right one\? .*embeddings verify --repair$/,
    );
    place.inCatalog('DELETE FROM samples');
    // verify --repair refuses this catalog too, so it is not named.
    await expect(prune()).rejects.toThrow(
      /the catalog holds no sample at all: does DATABASE_URL .* name the right one\? Nothing was pruned$/,
    );
    expect(await storedIds()).toEqual(upTo(10));
  });

  it('where rows are hidden from the role nothing is pruned', async () => {
    place = await setPlace(upTo(10));
    await place.embed(upTo(10));
    place.inCatalog('DELETE FROM samples WHERE id > 8');
    const hidden = async () => ['samples' as const];
    await expect(prune({}, { catalog: { ...place.catalog, hiddenTables: hidden } })).rejects.toMatchObject({
      message: expect.stringMatching(/row-level security hides rows of samples .* Nothing was pruned/),
    });
    expect(await storedIds()).toEqual(upTo(10));
  });

  it('refuses another catalog before anything of it is bought; an empty store is no reason', async () => {
    place = await setPlace(upTo(10));
    await refuseOtherCatalog(place);
    await place.embed(upTo(10));
    await refuseOtherCatalog(place);
    place.inCatalog('UPDATE samples SET id = id + 100');
    await expect(refuseOtherCatalog(place)).rejects.toThrow(
      /none of the stored samples is in the catalog: .* run once without --prune, then .*embeddings verify --repair$/,
    );
  });
});
