import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/contract/activities.js';
import { FailureType } from '../../src/contract/failure.js';
import { Messages } from '../../src/contract/messages.js';
import { failure, reaches, result, runWorkflow } from '../support/run-workflow.js';
import { fakeActivities, request, stored, timeSkippingServer } from '../support/time-skipping.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await timeSkippingServer();
});
afterAll(() => env?.teardown());

const BATCH = 2_000;

/** A provider whose list says 20 nanodollars a token, and which charges `times()` as much; `most`: at once. */
function dearer(times: () => number) {
  const seen = { most: 0, sent: 0, bill: 0 };
  let now = 0;
  const embedBatch: Activities['embedBatch'] = async (input) => {
    seen.sent += 1;
    seen.most = Math.max(seen.most, ++now);
    const costNanos = BATCH * times();
    seen.bill += costNanos;
    await new Promise((resolve) => setTimeout(resolve, 20));
    now -= 1;
    return { ...stored(input), costNanos, nanosPerToken: 20 * times() };
  };
  return { seen, embedBatch };
}

describe('a cap, where the price list lies', () => {
  it('is passed by one batch at most', async () => {
    const { seen, embedBatch } = dearer(() => 100);
    await runWorkflow(
      env,
      fakeActivities(40, { embedBatch }),
      request({ concurrency: 8, maxCostNanos: 40 * BATCH }),
      async (handle) => {
        const paused = await reaches(handle, 'paused');
        expect(seen).toMatchObject({ sent: 1, bill: 100 * BATCH });
        expect(paused.totals.costNanos).toBe(100 * BATCH);
        await handle.terminate();
      },
    );
  });

  it('is passed by one batch at most where the price rises while the run is paused', async () => {
    let times = 1;
    const { seen, embedBatch } = dearer(() => times);
    await runWorkflow(
      env,
      fakeActivities(60, { embedBatch }),
      request({ concurrency: 8, maxCostNanos: 10 * BATCH }),
      async (handle) => {
        await reaches(handle, 'paused');
        expect(seen.bill).toBe(10 * BATCH);
        times = 10;
        await handle.executeUpdate(Messages.resume, { args: [{ maxCostNanos: 32 * BATCH }] });
        await reaches(handle, 'paused');
        // One alone, then one more at the price that it showed: 10 + 10 + 10.
        expect(seen.bill).toBe(30 * BATCH);
        await handle.terminate();
      },
    );
  });

  it('reserves at the dearest price that was seen, and counts unanswered attempts at it', async () => {
    const reserved: (number | null)[] = [];
    const embedBatch: Activities['embedBatch'] = async (input) => {
      reserved.push(input.reservedNanos);
      return { ...stored(input), nanosPerToken: 60, uncertainNanos: 100 };
    };
    await runWorkflow(
      env,
      fakeActivities(3, { embedBatch }),
      request({ concurrency: 1, maxCostNanos: 1e9 }),
      result,
    );
    expect(reserved).toEqual([BATCH, 3 * BATCH, 3 * BATCH]);
  });
});

it('a run that waits has the money of its ledger: what its unfinished batches cost is in no total', async () => {
  const ledger = {
    requests: 3,
    tokens: 70,
    costNanos: 1_400,
    uncertainNanos: 300,
    unpriced: 0,
    stored: 140,
    copied: 0,
    failed: 1,
  };
  const fakes = fakeActivities(2, {
    embedBatch: async (input) => {
      if (input.batchId === 'b2') throw failure(FailureType.Blocked, 'no credit');
      return stored(input);
    },
    recordRun: async () => ledger,
  });
  await runWorkflow(env, fakes, request({ concurrency: 1 }), async (handle) => {
    let blocked = await reaches(handle, 'blocked');
    while (blocked.booked !== true) blocked = await reaches(handle, 'blocked');
    const { requests, tokens, costNanos } = blocked.totals;
    expect({ requests, tokens, costNanos }).toEqual({ requests: 3, tokens: 70, costNanos: 1_400 });
    expect(blocked.uncertainNanos).toBe(300);
    expect(blocked.totals).toMatchObject({ stored: 140, failed: 1 });
    await handle.terminate();
  });
});

describe('the first request of a capped run', () => {
  it('goes alone, and so does the first after resume', async () => {
    const { seen, embedBatch } = dearer(() => 1);
    let alone = 0;
    const first: Activities['embedBatch'] = async (input) => {
      const answer = await embedBatch(input);
      if (input.batchId === 'b1') alone = seen.sent;
      return answer;
    };
    const capped = request({ concurrency: 4, maxCostNanos: 20 * BATCH });
    await runWorkflow(env, fakeActivities(30, { embedBatch: first }), capped, async (handle) => {
      await reaches(handle, 'paused');
      expect(alone).toBe(1);
      expect(seen.most).toBeGreaterThan(1);
      seen.most = 0;
      await handle.executeUpdate(Messages.resume, { args: [{ maxCostNanos: 21 * BATCH }] });
      await reaches(handle, 'paused');
      expect(seen.most).toBe(1);
      await handle.terminate();
    });
  });

  it('does not go alone where there is no cap', async () => {
    const { seen, embedBatch } = dearer(() => 1);
    await runWorkflow(env, fakeActivities(20, { embedBatch }), request({ concurrency: 4 }), result);
    expect(seen.most).toBeGreaterThan(1);
  });
});

describe('a cap that is lowered while the run goes on', () => {
  it('is refused below what is under way, and kept to once it is accepted', async () => {
    let bill = 0;
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const embedBatch: Activities['embedBatch'] = async (input) => {
      bill += BATCH;
      if (input.batchId !== 'b1') await opened;
      return stored(input);
    };
    const rich = request({ concurrency: 1, maxCostNanos: 1e9 });
    await runWorkflow(env, fakeActivities(30, { embedBatch }), rich, async (handle) => {
      // One is answered, three wait for their answers.
      await expect.poll(() => bill, { timeout: 20_000 }).toBe(4 * BATCH);
      const lower = (maxCostNanos: number) =>
        handle.executeUpdate(Messages.resume, { args: [{ maxCostNanos }] });
      await expect(lower(4 * BATCH - 1)).rejects.toMatchObject({
        cause: { message: expect.stringContaining('may bring its cost to 0.000008 USD: give at least that') },
      });
      const accepted = lower(4 * BATCH);
      await accepted;
      open();
      await reaches(handle, 'paused');
      expect(bill).toBe(4 * BATCH);
      await handle.terminate();
    });
  });
});
