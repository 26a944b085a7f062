import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { createActivities } from '../../src/activities/index.js';
import { loadSettings } from '../../src/config.js';
import type { Activities, EmbedBatchInput, EmbedBatchResult } from '../../src/contract/activities.js';
import { FailureType } from '../../src/contract/failure.js';
import { createInputLimit } from '../../src/domain/input-limit.js';
import { openDependencies } from '../../src/hosting/open-dependencies.js';
import { EmbeddingError } from '../../src/providers/errors/errors.js';
import { Database } from '../../src/sqlite.js';
import { type Scene, setScene } from '../e2e/scene.js';
import { planOf } from '../support/embed-batch.js';
import { idsOf, judge } from '../support/referee.js';

const refusal = (atMost: number | null, status = 400): EmbeddingError =>
  new EmbeddingError('too many', {
    type: FailureType.Rejected,
    status,
    retryAfterMs: null,
    billed: 'no',
    tooManyInputs: { atMost },
  });

describe('what a process knows of how many texts the provider takes', () => {
  it('is the lowest number that it was told, said each time it sinks', () => {
    const told: number[] = [];
    const inputs = createInputLimit((atMost) => void told.push(atMost));
    expect([inputs.atMost(), inputs.learned()]).toEqual([2048, null]);
    expect(inputs.partSizeAfter(refusal(32), 100)).toBe(32);
    expect(inputs.partSizeAfter(refusal(64), 100)).toBe(32);
    inputs.applyLearned(10);
    inputs.applyLearned(20);
    inputs.applyLearned(null);
    expect([inputs.atMost(), inputs.learned(), told]).toEqual([10, 10, [32, 10]]);
  });

  it('is half of what was refused, where the refusal names no number', () => {
    const inputs = createInputLimit(() => undefined);
    expect([100, 50, 25].map((sent) => inputs.partSizeAfter(refusal(null), sent))).toEqual([50, 25, 13]);
  });

  it('is not touched by a refusal that is about the texts', () => {
    const fields = { type: FailureType.Rejected, status: 400, retryAfterMs: null, billed: 'no' } as const;
    const inputs = createInputLimit(() => undefined);
    expect(inputs.partSizeAfter(new EmbeddingError('no', fields), 100)).toBeNull();
    expect(inputs.learned()).toBeNull();
  });
});

describe('a provider that takes 10 texts a request', () => {
  let scene: Scene;
  let dependencies: Dependencies & { close(): Promise<void> };
  let sizes: number[];
  const notes: string[] = [];
  const log = { info() {}, warn: (_: object, text: string) => void notes.push(text), error() {} };

  beforeEach(async () => {
    scene = await setScene(60);
    dependencies = await openDependencies(loadSettings(scene.env, scene.path), log);
    await dependencies.store.migrate();
    sizes = [];
    notes.length = 0;
  });
  afterEach(async () => {
    await dependencies.close();
    await scene.close();
  });

  /** `atMost`: what the refusal says. */
  const activitiesOf = (atMost: number | null): Activities => {
    const { provider } = dependencies;
    return createActivities({
      ...dependencies,
      provider: {
        ...provider,
        embed(asked) {
          sizes.push(asked.texts.length);
          if (asked.texts.length > 10) return Promise.reject(refusal(atMost));
          return provider.embed(asked);
        },
      },
    });
  };
  const embed = (
    activities: Activities,
    batchId: string,
    ids: number[],
    also: Partial<EmbedBatchInput> = {},
  ): Promise<EmbedBatchResult> =>
    new MockActivityEnvironment().run(activities.embedBatch, {
      plan: planOf(60),
      batchId,
      ids: ids.join(','),
      concurrency: 1,
      reservedNanos: null,
      ...also,
    });
  const attempts = (): Record<string, number> => {
    const db = new Database(scene.store, { readonly: true });
    const rows = db
      .prepare<[], { status: string; n: number }>(
        'SELECT status, COUNT(*) AS n FROM api_usage GROUP BY status',
      )
      .all();
    db.close();
    return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
  };

  it('refuses one request; those that wait behind it, and all later ones, are made smaller unsent', async () => {
    const activities = activitiesOf(10);
    const ids = idsOf(scene.catalog);
    const [first, second] = await Promise.all([
      embed(activities, 'b1', ids.slice(0, 25)),
      embed(activities, 'b2', ids.slice(25, 50)),
    ]);
    const third = await embed(activities, 'b3', ids.slice(50));
    expect([first, second, third].map(({ stored, failed }) => [stored, failed])).toEqual([
      [25, 0],
      [25, 0],
      [10, 0],
    ]);
    expect(sizes.filter((size) => size > 10)).toHaveLength(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(60 + 25);
    expect(attempts()).toEqual({ failed: 1, settled: 7 });
    expect(third.maxInputs).toBe(10);
    expect(notes).toEqual([expect.stringContaining('BATCH_SIZE=10')]);
    judge(scene.store, ids, scene.sandbox.bill());
    expect(scene.sandbox.bill().boughtTwice).toBe(0);
  });

  it('and names no number is asked for half as many, until it takes them', async () => {
    const ids = idsOf(scene.catalog);
    expect(await embed(activitiesOf(null), 'b1', ids)).toMatchObject({ stored: 60, failed: 0 });
    expect(sizes.filter((size) => size > 10)).toEqual([60, 30, 15]);
    judge(scene.store, ids, scene.sandbox.bill());
  });

  it('is asked for no more by a worker that the run has told', async () => {
    const ids = idsOf(scene.catalog);
    expect(await embed(activitiesOf(10), 'b1', ids, { maxInputs: 10 })).toMatchObject({ stored: 60 });
    expect(sizes).toEqual([10, 10, 10, 10, 10, 10]);
  });

  it('keeps to the cap: what was reserved is enough', async () => {
    const ids = idsOf(scene.catalog);
    const result = await embed(activitiesOf(10), 'b1', ids, { reservedNanos: 60 * 1000 * 20 });
    expect(result).toMatchObject({ stored: 60, failed: 0 });
    expect(result.costNanos).toBe(scene.sandbox.bill().costNanos);
  });
});
