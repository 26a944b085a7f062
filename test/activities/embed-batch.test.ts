import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { createActivities } from '../../src/activities/index.js';
import { loadSettings } from '../../src/config.js';
import type { EmbedBatchInput, EmbedBatchResult } from '../../src/contract/activities.js';
import { FailureType } from '../../src/contract/failure.js';
import { createMeasure } from '../../src/domain/measure.js';
import type { Store } from '../../src/engines/store.js';
import type { BatchCommit } from '../../src/engines/types.js';
import { blockedFault } from '../../src/fault.js';
import { openDependencies } from '../../src/hosting/open-dependencies.js';
import { Database } from '../../src/sqlite.js';
import { type Scene, setScene } from '../e2e/scene.js';
import { batchOf } from '../support/embed-batch.js';
import { idsOf } from '../support/referee.js';

const silent = { info() {}, warn() {}, error() {} };

let scene: Scene;
let dependencies: Dependencies & { close(): Promise<void> };
const open = async (options: Parameters<typeof setScene>[1] = {}): Promise<void> => {
  scene = await setScene(40, options);
  dependencies = await openDependencies(loadSettings(scene.env, scene.path), silent);
  await dependencies.store.migrate();
};
afterEach(async () => {
  await dependencies.close();
  await scene.close();
});

/** A store whose calls are replaced, whichever generation they are of. */
const changed = (store: Store, change: Partial<Store>): Store => ({
  ...store,
  ...change,
  of: (generation) => changed(store.of(generation), change),
});

/** The activity over a store of which some calls are replaced. */
function embedder(change: Partial<Store> = {}) {
  const activities = createActivities({ ...dependencies, store: changed(dependencies.store, change) });
  return (also: Partial<EmbedBatchInput> = {}): Promise<EmbedBatchResult> =>
    new MockActivityEnvironment().run(activities.embedBatch, {
      ...batchOf(40),
      ids: idsOf(scene.catalog).join(','),
      ...also,
    });
}

/** Makes the title of the sample in the middle one that the faults below know. */
function curse(): void {
  const db = new Database(scene.catalog);
  db.prepare("UPDATE samples SET title = 'CURSED' WHERE id = ?").run(idsOf(scene.catalog)[20]);
  db.close();
}

describe('a batch', () => {
  it('whose answer the store does not take keeps it: the next try stores it and sends nothing', async () => {
    await open();
    let full = true;
    const embed = embedder({
      commit: (batch) => {
        if (full && batch.vectors.length > 0) throw blockedFault('the disk is full');
        return dependencies.store.commit(batch);
      },
    });
    await expect(embed()).rejects.toMatchObject({ type: FailureType.Blocked, message: 'the disk is full' });
    full = false;
    expect(await embed()).toMatchObject({ stored: 40, requests: 1, uncertainNanos: 0 });
    expect(scene.sandbox.bill()).toMatchObject({ requests: 1, boughtTwice: 0 });
  });

  it('of several parts stores what is answered, and sends only the rest again', async () => {
    await open({ faults: [{ fault: { kind: 'status', status: 500 }, contains: 'CURSED', times: 1 }] });
    curse();
    const embed = embedder();
    const parts = [10, 10, 10, 10];
    await expect(embed({ parts })).rejects.toMatchObject({ type: FailureType.Transient });
    expect(scene.sandbox.bill().requests).toBe(4);
    expect(await dependencies.store.countVectors()).toBe(30);
    // Its own, and the three that were answered before.
    expect(await embed({ parts })).toMatchObject({ stored: 40, failed: 0 });
    expect(scene.sandbox.bill()).toMatchObject({ requests: 5, boughtTwice: 0 });
  });

  it('of several parts repeats a lost request as it was, which the provider then answers for free', async () => {
    await open({ faults: [{ fault: { kind: 'reset-after-billing' }, contains: 'CURSED', times: 1 }] });
    curse();
    const embed = embedder();
    const parts = [7, 13, 9, 11];
    await expect(embed({ parts })).rejects.toMatchObject({ type: FailureType.Transient });
    expect(await embed({ parts })).toMatchObject({ stored: 40, failed: 0 });
    expect(scene.sandbox.bill()).toMatchObject({ requests: 5, boughtTwice: 0 });
  });

  it('of several parts fails with what no other try would pass, whichever came first', async () => {
    await open({
      faults: [{ fault: { kind: 'status', status: 500 }, contains: 'CURSED' }],
    });
    curse();
    const embed = embedder({
      commit: (batch) => {
        if (batch.vectors.length > 0) throw blockedFault('the disk is full');
        return dependencies.store.commit(batch);
      },
    });
    await expect(embed({ parts: [10, 10, 10, 10] })).rejects.toMatchObject({
      ...{ type: FailureType.Blocked, message: 'the disk is full' },
    });
    expect(scene.sandbox.bill().requests).toBe(4);
  });

  it.each([
    ['a refusal of the account', { kind: 'status', status: 402 } as const, 1],
    // A second and a neutral text prove what the first says; a third leaves when the second begins to arrive.
    ['vectors of another length', { kind: 'wrong-dimensions' } as const, 4],
  ])(
    'of several parts sends none that waits after %s, and all when the run goes on',
    async (_, fault, most) => {
      await open({ faults: [{ fault }] });
      const embed = embedder();
      const input = { parts: Array<number>(8).fill(5), concurrency: 1 };
      await expect(embed(input)).rejects.toMatchObject({ type: FailureType.Blocked });
      const sent = scene.sandbox.bill().requests;
      expect(sent).toBeLessThanOrEqual(most);
      const account = await dependencies.store.accountBatch('run-1', batchOf(40).batchId);
      expect(account.requests).toBe(sent);
      scene.sandbox.setFaults([]);
      expect(await embed(input)).toMatchObject({ stored: 40 });
      expect(scene.sandbox.bill().requests).toBe(sent + 8);
    },
  );

  it.each([1, 4, 8])(
    'of several parts books what was sent alone where it blocks: %i at once',
    async (concurrency) => {
      await open({ faults: [{ fault: { kind: 'wrong-dimensions' } }] });
      const embed = embedder();
      const blocked = embed({ parts: Array<number>(20).fill(2), concurrency });
      await expect(blocked).rejects.toMatchObject({ type: FailureType.Blocked });
      const { requests } = scene.sandbox.bill();
      expect(requests).toBeLessThan(20);
      expect(await dependencies.store.accountBatch('run-1', batchOf(40).batchId)).toMatchObject({ requests });
    },
  );

  it('that is refused claims both halves in the transaction that books the refusal', async () => {
    await open({ faults: [{ fault: { kind: 'status', status: 400 }, contains: 'CURSED' }] });
    curse();
    const commits: BatchCommit[] = [];
    const embed = embedder({
      commit: (batch) => {
        commits.push(batch);
        return dependencies.store.commit(batch);
      },
    });
    expect(await embed()).toMatchObject({ stored: 39, failed: 1 });
    const [first] = commits.filter((commit) => (commit.opens ?? []).length > 0);
    expect(first?.settlements).toHaveLength(1);
    expect(first?.opens?.map((attempt) => attempt.hashes.length)).toEqual([20, 20]);
    expect(scene.sandbox.bill().boughtTwice).toBe(0);
  });

  it('that is isolated fails the text at fault alone, whatever the server fails with', async () => {
    await open({ faults: [{ fault: { kind: 'status', status: 500 }, contains: 'CURSED' }] });
    curse();
    const embed = embedder();
    await expect(embed()).rejects.toMatchObject({ type: FailureType.Transient });
    const result = await embed({ isolate: true });
    expect(result).toMatchObject({
      stored: 39,
      failed: 1,
      failures: [{ reason: FailureType.Transient, count: 1 }],
    });
    // Repeated, since its report was lost: nothing is sent for a text that has failed.
    const before = scene.sandbox.bill().requests;
    expect(await embed()).toMatchObject({ stored: 39, failed: 1 });
    expect(scene.sandbox.bill().requests).toBe(before);
  });

  it('with a cap that is refused by pages, which may have been billed, is isolated within what it asks for once', async () => {
    await open({ faults: [{ fault: { kind: 'status', status: 400, page: true }, contains: 'CURSED' }] });
    curse();
    const embed = embedder();
    const whole = 40 * 400 * 20;
    const needs: number[] = [];
    let result: EmbedBatchResult | undefined;
    for (let reservedNanos = whole; result === undefined && needs.length < 5; ) {
      result = await embed({ reservedNanos }).catch((error: ApplicationFailure) => {
        expect(error).toMatchObject({ type: FailureType.Outgrown });
        const [{ needNanos }] = error.details as [{ needNanos: number }];
        needs.push(needNanos);
        reservedNanos = needNanos;
        return undefined;
      });
    }
    expect(result).toMatchObject({ stored: 39, failed: 1 });
    // The neutral text was not reserved; then the isolation.
    expect(needs).toHaveLength(2);
    expect((result?.costNanos ?? 0) + (result?.uncertainNanos ?? 0)).toBeLessThanOrEqual(needs[1] as number);
  });

  it('is not isolated while nothing passes: no sample fails', async () => {
    await open({ faults: [{ fault: { kind: 'status', status: 503 } }] });
    await expect(embedder()({ isolate: true })).rejects.toMatchObject({
      type: FailureType.Transient,
      details: [{ canary: true }],
    });
    expect(await dependencies.store.countFailures()).toBe(0);
  });

  it('keeps the vectors that can be used where one cannot, and buys only that one again', async () => {
    await open();
    let broken = true;
    const { provider } = dependencies;
    dependencies.provider = {
      ...provider,
      async embed(request) {
        const answer = await provider.embed(request);
        if (!broken) return answer;
        const vectors = answer.vectors.map((vector, index) => (index === 7 ? null : vector));
        return { ...answer, vectors, unusable: [{ index: 7, why: 'holds a number that is not finite' }] };
      },
    };
    const embed = embedder();
    await expect(embed()).rejects.toMatchObject({ type: FailureType.InvalidResponse });
    expect(await dependencies.store.countVectors()).toBe(39);
    broken = false;
    expect(await embed()).toMatchObject({ stored: 40, requests: 2 });
    expect(scene.sandbox.bill().entries.map((entry) => entry.inputs)).toEqual([40, 1]);
  });
});

describe('a batch that waits for its turn while another has it', () => {
  /** Both batches are open in the ledger, one is being answered; `meanwhile` happens before its answer comes. */
  async function besideAnother(reservedNanos: number | null, meanwhile: () => void, timesDearer: number) {
    await open();
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let sent = 0;
    const { provider } = dependencies;
    dependencies.provider = {
      ...provider,
      async embed(request) {
        sent += 1;
        await answered;
        const { costNanos, ...rest } = await provider.embed(request);
        return { ...rest, costNanos: costNanos === null ? null : costNanos * timesDearer };
      },
    };
    const ids = idsOf(scene.catalog);
    const embed = embedder();
    const half = (batchId: string, from: number) =>
      embed({ batchId, ids: ids.slice(from, from + 20).join(','), concurrency: 1, reservedNanos });
    const first = half('b1', 0);
    await expect.poll(() => sent).toBe(1);
    const second = half('b2', 20);
    const both = Promise.allSettled([first, second]);
    await expect.poll(async () => (await dependencies.store.accountBatch('run-1', 'b2')).requests).toBe(1);
    meanwhile();
    answer();
    return { outcomes: await both, sent };
  }

  it('is not sent where the answer shows a price that its reservation does not cover', async () => {
    const { outcomes, sent } = await besideAnother(200_000, () => undefined, 100);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: { stored: 20 } },
      { status: 'rejected', reason: { type: FailureType.Outgrown } },
    ]);
    expect(sent).toBe(1);
    expect(await dependencies.store.accountBatch('run-1', 'b2')).toMatchObject({ requests: 0 });
  });

  it('is sent where the price is the one that was reserved for', async () => {
    const { outcomes, sent } = await besideAnother(200_000, () => undefined, 1);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(sent).toBe(2);
  });

  it('is not sent where the answer blocks the run', async () => {
    const refuse = () => scene.sandbox.setFaults([{ fault: { kind: 'status', status: 402 } }]);
    const { outcomes, sent } = await besideAnother(null, refuse, 1);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { type: FailureType.Blocked } },
      { status: 'rejected', reason: { type: FailureType.Blocked } },
    ]);
    expect(sent).toBe(1);
    expect(await dependencies.store.accountBatch('run-1', 'b2')).toMatchObject({ requests: 0 });
  });

  it('is not sent once the store has been deleted', async () => {
    const remove = () => rmSync(fileURLToPath(scene.env.TURSO_DATABASE_URL as string));
    const { outcomes, sent } = await besideAnother(null, remove, 1);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { type: FailureType.Blocked } },
      { status: 'rejected', reason: { type: FailureType.Blocked } },
    ]);
    expect(sent).toBe(1);
  });
});

it('long texts are counted once, and heartbeats go on meanwhile', async () => {
  await open();
  const measure = createMeasure();
  const samples = Array.from({ length: 60 }, (_, index) => ({
    id: index,
    text: `Title: ${'a warm and dusty loop '.repeat(1300)}${index}`,
    hash: `hash ${index}`,
    notes: [],
  }));
  let turns = 0;
  const beat = setInterval(() => {
    turns += 1;
  }, 1);
  const exact = await measure(samples, { model: 'openai/text-embedding-3-small' }, true);
  clearInterval(beat);
  expect(turns).toBeGreaterThan(1);
  expect(exact.every(({ tokensBound }) => tokensBound !== null && tokensBound < 8192)).toBe(true);
  const bytes = await measure(samples.slice(0, 1), { model: 'another/model' }, true);
  // And a begin and an end.
  expect(bytes[0]?.tokensBound).toBe(Buffer.byteLength(samples[0]?.text ?? '') + 2);
});
