import { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities, EmbedBatchInput } from '../../src/contract/activities.js';
import { FailureType } from '../../src/contract/failure.js';
import { Messages } from '../../src/contract/messages.js';
import type { RunProgress } from '../../src/contract/progress.js';
import { failure, reaches, result, runWorkflow } from '../support/run-workflow.js';
import { fakeActivities, request, stored, timeSkippingServer } from '../support/time-skipping.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await timeSkippingServer();
});
afterAll(() => env?.teardown());

/** Answers every batch but one, whose inputs are kept. */
function except(batchId: string, answer: (input: EmbedBatchInput, nth: number) => ReturnType<typeof stored>) {
  const seen: EmbedBatchInput[] = [];
  const embedBatch: Activities['embedBatch'] = async (input) => {
    if (input.batchId !== batchId) return stored(input);
    seen.push(input);
    return answer(input, seen.length);
  };
  return { seen, embedBatch };
}

describe('tries belong to the batch', () => {
  it('however often it comes back for a larger reservation', async () => {
    let fails = 0;
    const { seen, embedBatch } = except('b2', (input, nth) => {
      if (input.isolate === true) return { ...stored(input, 99), failed: 1 };
      // Each try may have been billed, so that the next one asks for more.
      if (nth % 2 === 0) throw failure(FailureType.Outgrown, 'more', { needNanos: 2_000 * nth, tries: 1 });
      fails += 1;
      throw failure(FailureType.Transient, 'bad answer');
    });
    const progress = await runWorkflow(
      env,
      fakeActivities(4, { embedBatch }),
      request({ maxRetries: 2, maxCostNanos: 1e9 }),
      result,
    );
    expect(fails).toBe(3);
    expect(seen.at(-1)?.isolate).toBe(true);
    expect(progress.totals).toMatchObject({ selected: 400, stored: 399, failed: 1 });
  });

  it('through a 429 too', async () => {
    let fails = 0;
    const { embedBatch } = except('b2', (input, nth) => {
      if (input.isolate === true) return stored(input);
      if (nth % 2 === 0) throw failure(FailureType.RateLimited, '429', { retryAfterMs: 1_000, tries: 1 });
      fails += 1;
      throw failure(FailureType.Transient, '502');
    });
    await runWorkflow(env, fakeActivities(4, { embedBatch }), request({ maxRetries: 1 }), result);
    expect(fails).toBe(2);
  });
});

describe('a batch whose tries are used up', () => {
  it('is sent once more to isolate the texts at fault, once another batch has passed', async () => {
    const { seen, embedBatch } = except('b2', (input) => {
      if (input.isolate === true) return { ...stored(input, 99), failed: 1 };
      throw failure(FailureType.InvalidResponse, 'one vector too few');
    });
    const progress = await runWorkflow(env, fakeActivities(6, { embedBatch }), request(), result);
    expect(seen.map((input) => input.isolate ?? false)).toEqual([false, true]);
    expect(progress.totals).toMatchObject({ selected: 600, stored: 599, failed: 1 });
  });

  it('is isolated also where it is the only one', async () => {
    const { embedBatch } = except('b1', (input) => {
      if (input.isolate === true) return { ...stored(input, 99), failed: 1 };
      throw failure(FailureType.InvalidResponse, 'NaN');
    });
    const progress = await runWorkflow(env, fakeActivities(1, { embedBatch }), request(), result);
    expect(progress.totals).toMatchObject({ stored: 99, failed: 1 });
  });

  it('blocks the run where the canary request fails too, and goes on as before after resume', async () => {
    let cured = false;
    const { embedBatch } = except('b1', (input) => {
      if (cured) return stored(input);
      if (input.isolate === true)
        throw failure(FailureType.InvalidResponse, 'nothing passes', { canary: true });
      throw failure(FailureType.InvalidResponse, '503');
    });
    await runWorkflow(env, fakeActivities(1, { embedBatch }), request(), async (handle) => {
      const blocked = await reaches(handle, 'blocked');
      expect(blocked.reason).toBe('nothing passes');
      expect(blocked.totals.failed).toBe(0);
      cured = true;
      await handle.executeUpdate(Messages.resume, { args: [{}] });
      expect((await result(handle)).totals).toMatchObject({ stored: 100, failed: 0 });
    });
  });

  it('is written down as failed where it fails even so while others pass', async () => {
    const failed: string[] = [];
    const fakes = fakeActivities(20);
    const { embedBatch } = except('b2', () => {
      throw failure(FailureType.InvalidResponse, 'one vector too few');
    });
    const failBatch: Activities['failBatch'] = async (input) => {
      failed.push(`${input.ids} ${input.reason}`);
      return fakes.failBatch(input);
    };
    // A small window, so that other batches pass after this one has failed.
    const few = request({ concurrency: 1 });
    const progress = await runWorkflow(env, fakeActivities(20, { embedBatch, failBatch }), few, result);
    expect(failed).toEqual(['101-200 InvalidResponse']);
    expect(progress.totals).toMatchObject({ selected: 2_000, stored: 1_900, failed: 100 });
  });

  it('keeps what it may have cost reserved while it is written down as failed', async () => {
    const gate = () => {
      let open: () => void = () => undefined;
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      return { open: () => open(), opened };
    };
    const [third, writing] = [gate(), gate()];
    const fakes = fakeActivities(4);
    const sent: string[] = [];
    const embedBatch: Activities['embedBatch'] = async (input) => {
      sent.push(input.batchId);
      if (input.batchId === 'b2') throw failure(FailureType.InvalidResponse, 'bad');
      if (input.batchId === 'b3') await third.opened;
      return stored(input);
    };
    const failBatch: Activities['failBatch'] = async (input) => {
      sent.push('written down');
      await writing.opened;
      return { ...(await fakes.failBatch(input)), uncertainNanos: 2_000, costNanos: 0 };
    };
    const capped = request({ concurrency: 1, maxCostNanos: 6_000 });
    await runWorkflow(env, fakeActivities(4, { embedBatch, failBatch }), capped, async (handle) => {
      const inFlight = async () => (await handle.query<RunProgress>(Messages.progress)).inFlight;
      const until = (reached: () => Promise<boolean>) => expect.poll(reached, { timeout: 20_000 }).toBe(true);
      await until(async () => sent.includes('b3') && (await inFlight()) === 1);
      third.open();
      // b1 and b3 cost 4,000; b2, which is being written down, holds the rest.
      await until(async () => sent.includes('written down'));
      for (let look = 0; look < 10; look++) await inFlight();
      expect(sent).not.toContain('b4');
      writing.open();
      expect((await reaches(handle, 'paused')).uncertainNanos).toBe(2_000);
      expect(sent).not.toContain('b4');
      await handle.terminate();
    });
  });

  it('is suspected after five 429s, and lets others pass meanwhile', async () => {
    let refusals = 0;
    const { embedBatch } = except('b1', (input) => {
      if (input.isolate === true) return { ...stored(input, 99), failed: 1 };
      refusals += 1;
      throw failure(FailureType.RateLimited, 'Provider returned error', { retryAfterMs: 1_000 });
    });
    const progress = await runWorkflow(
      env,
      fakeActivities(12, { embedBatch }),
      request({ concurrency: 1 }),
      result,
    );
    expect(progress.totals).toMatchObject({ stored: 1_199, failed: 1 });
    expect(refusals).toBe(5);
  });
});

describe('429s for several batches, while no other is left to pass', () => {
  it('put the next behind a neutral text at the third in a row', async () => {
    let inARow = 0;
    let most = 0;
    const bad = new Set(['b1', 'b2', 'b3', 'b4', 'b5']);
    const embedBatch: Activities['embedBatch'] = async (input) => {
      if (!bad.has(input.batchId) || input.isolate === true) {
        inARow = 0;
        return bad.has(input.batchId) ? { ...stored(input, 99), failed: 1 } : stored(input);
      }
      most = Math.max(most, ++inARow);
      throw failure(FailureType.RateLimited, 'Provider returned error', { retryAfterMs: 1_000 });
    };
    const progress = await runWorkflow(
      env,
      fakeActivities(5, { embedBatch }),
      request({ concurrency: 1 }),
      result,
    );
    expect(progress.totals).toMatchObject({ stored: 495, failed: 5 });
    // Three of a first wave that left together count as one.
    expect(most).toBeLessThanOrEqual(5);
  });
});

describe('three batches that fail in a row', () => {
  it('hold up all others until one of them has been isolated', async () => {
    const sent: string[] = [];
    const poisoned = new Set(['b1', 'b2', 'b3', 'b4', 'b5', 'b6']);
    const embedBatch: Activities['embedBatch'] = async (input) => {
      sent.push(`${input.batchId}${input.isolate === true ? ' isolated' : ''}`);
      if (!poisoned.has(input.batchId)) return stored(input);
      if (input.isolate === true) return { ...stored(input, 99), failed: 1 };
      throw failure(FailureType.InvalidResponse, 'bad');
    };
    const progress = await runWorkflow(
      env,
      fakeActivities(20, { embedBatch }),
      request({ concurrency: 1 }),
      result,
    );
    expect(progress.totals).toMatchObject({ stored: 1_994, failed: 6 });
    expect(sent.indexOf('b1 isolated')).toBeLessThan(sent.indexOf('b7'));
  });
});

describe('a wait that the provider names for hours', () => {
  const daily = 'free-models-per-day: until 00:00 UTC';
  const limited = () => {
    let first = true;
    return except('b1', (input) => {
      if (!first) return stored(input);
      first = false;
      throw failure(FailureType.RateLimited, daily, { retryAfterMs: 6 * 3_600_000 });
    });
  };

  it('is told as the reason', async () => {
    await runWorkflow(env, fakeActivities(1, limited()), request({ concurrency: 1 }), async (handle) => {
      expect((await reaches(handle, 'throttled')).reason).toBe(daily);
      await handle.terminate();
    });
  });

  it('ends a run that must not wait', async () => {
    const ending = runWorkflow(env, fakeActivities(2, limited()), request({ onBlocked: 'fail' }), result);
    await expect(ending).rejects.toSatisfy(
      (error) => error instanceof WorkflowFailedError && error.cause?.message === daily,
    );
  });
});
