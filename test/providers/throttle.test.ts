import { describe, expect, it } from 'vitest';
import { FailureType } from '../../src/contract/failure.js';
import { createRateLimit, type RateLimit } from '../../src/local/sandbox-openrouter/rate-limit.js';
import { EmbeddingError, rateLimited } from '../../src/providers/errors/errors.js';
import { createLimiter } from '../../src/providers/pacing/limiter.js';
import { createThrottle, type Throttle } from '../../src/providers/pacing/throttle.js';
import { refusal, TooMany } from '../support/too-many.js';
import { createVirtualClock } from '../support/virtual-clock.js';

/** Workers that send as fast as they may to a provider that meters them, for so many minutes of its time. */
async function metered(
  limit: RateLimit,
  minutes: number,
  { latencyMs = 50, workers = 8, tokens = 0, later = limit, processes = 1 } = {},
) {
  const clock = createVirtualClock();
  let admits = createRateLimit(limit, clock.now);
  const throttles = Array.from({ length: processes }, () => createThrottle({ refusal, clock }));
  const seen = { delivered: 0, rejected: 0, at: [] as number[] };
  const end = minutes * 60_000;
  const send = async (): Promise<void> => {
    await clock.sleep(latencyMs / 2);
    seen.at.push(clock.now());
    const admitted = admits(tokens);
    await clock.sleep(latencyMs / 2);
    if (clock.now() <= end) seen[admitted ? 'delivered' : 'rejected'] += 1;
    if (!admitted) throw new TooMany(limit.retryAfter === '' ? null : Number(limit.retryAfter ?? 1) * 1000);
  };
  for (const throttle of throttles) {
    const slots = createLimiter(workers);
    const loop = async (): Promise<void> => {
      while (clock.now() < end) await slots.run(() => throttle.run(send)).catch(() => undefined);
    };
    for (let worker = 0; worker < workers; worker++) void loop();
  }
  await clock.run(end / 2);
  if (later !== limit) admits = createRateLimit(later, clock.now);
  await clock.run(end);
  return { ...seen, throttle: throttles[0] as Throttle };
}

describe('a limit nobody stated', () => {
  it.each([
    ['600 requests a minute', { requestsPerMinute: 600, holdsSeconds: 1 }, {}, 600],
    ['600 requests a minute in a large bucket', { requestsPerMinute: 600 }, {}, 600],
    [
      '600 requests a minute, slow answers',
      { requestsPerMinute: 600, holdsSeconds: 2 },
      { latencyMs: 500 },
      600,
    ],
    [
      '6,000 requests a minute, slow answers, many at once',
      { requestsPerMinute: 6000, holdsSeconds: 2 },
      { latencyMs: 500, workers: 64 },
      6000,
    ],
    ['no Retry-After', { requestsPerMinute: 600, holdsSeconds: 2, retryAfter: '' }, {}, 600],
    ['1M tokens a minute', { tokensPerMinute: 1e6, holdsSeconds: 10 }, { tokens: 3250 }, 1e6 / 3250],
    [
      '1M tokens a minute, large requests',
      { tokensPerMinute: 1e6, holdsSeconds: 2 },
      { tokens: 12_000 },
      1e6 / 12_000,
    ],
  ])('%s: at least 95 % delivered, at most 5 %% refused', async (_, limit, load, perMinute) => {
    const minutes = 5;
    const { delivered, rejected, throttle } = await metered(limit, minutes, load);
    expect(delivered / (perMinute * minutes)).toBeGreaterThanOrEqual(0.95);
    expect(rejected / (delivered + rejected)).toBeLessThanOrEqual(0.05);
    expect(throttle.perMinute).toBeGreaterThan(perMinute * 0.8);
    expect(throttle.perMinute).toBeLessThan(perMinute * 1.2);
  });

  it('that four workers share is kept, though each meets it sooner than its own requests explain', async () => {
    const limit = { requestsPerMinute: 300, holdsSeconds: 2 };
    const { delivered, rejected } = await metered(limit, 10, { latencyMs: 150, processes: 4 });
    expect(delivered / 3000).toBeGreaterThanOrEqual(0.97);
    expect(rejected / (delivered + rejected)).toBeLessThanOrEqual(0.04);
  });

  it('that is halved half-way is kept, at the cost of few refusals', async () => {
    const limit = { requestsPerMinute: 600, holdsSeconds: 2 };
    const { delivered, rejected, throttle } = await metered(limit, 6, {
      later: { ...limit, requestsPerMinute: 300 },
    });
    expect(delivered / (3 * 600 + 3 * 300)).toBeGreaterThanOrEqual(0.95);
    expect(rejected / (delivered + rejected)).toBeLessThanOrEqual(0.03);
    expect(throttle.perMinute).toBeLessThan(330);
  });

  it.each([
    ['alone', {}, 300],
    ['halved half-way', { later: { tokensPerMinute: 5e6, holdsSeconds: 2 } }, 225],
  ])(
    'of 10M tokens a minute, %s: at least 97 %% delivered, at most 1 %% refused',
    async (_, more, perMinute) => {
      const tokens = 10e6 / 300;
      const limit = { tokensPerMinute: 10e6, holdsSeconds: 2 };
      const { delivered, rejected } = await metered(limit, 10, {
        latencyMs: 150,
        tokens,
        later: limit,
        ...more,
      });
      expect(delivered / (10 * perMinute)).toBeGreaterThanOrEqual(0.97);
      expect(rejected / (delivered + rejected)).toBeLessThanOrEqual(0.01);
    },
  );

  it.each([
    ['begins with one request at a time where others have met it', true, 1],
    ['is not known to who has heard nothing', false, 8],
  ])('%s', async (_, told, expected) => {
    const clock = createVirtualClock();
    const throttle = createThrottle({ refusal, clock });
    if (told) throttle.startSlowly();
    let sent = 0;
    const send = async (): Promise<void> => {
      sent += 1;
      await clock.sleep(100);
    };
    const all = Promise.all(Array.from({ length: 8 }, () => throttle.run(send)));
    await clock.run(50);
    expect(sent).toBe(expected);
    // Too late for who is under way.
    if (!told) throttle.startSlowly();
    await clock.run(1000);
    await all;
    expect(sent).toBe(8);
  });

  it('that is raised later is found again', async () => {
    const clock = createVirtualClock();
    let admits = createRateLimit({ requestsPerMinute: 600, holdsSeconds: 1 }, clock.now);
    const throttle = createThrottle({ refusal, clock });
    let delivered = 0;
    const loop = async (): Promise<void> => {
      for (;;)
        await throttle
          .run(async () => {
            await clock.sleep(50);
            if (!admits(0)) throw new TooMany(1000);
            delivered += 1;
          })
          .catch(() => undefined);
    };
    for (let worker = 0; worker < 8; worker++) void loop();
    await clock.run(120_000);
    admits = createRateLimit({ requestsPerMinute: 1200, holdsSeconds: 1 }, clock.now);
    await clock.run(600_000);
    const before = delivered;
    await clock.run(660_000);
    expect(delivered - before).toBeGreaterThan(1000);
  });
});

describe('endless 429s', () => {
  it('with Retry-After 1: one request a second tries', async () => {
    const { at, delivered } = await metered({ requestsPerMinute: 0 }, 1);
    expect(delivered).toBe(0);
    const later = at.filter((time) => time > 1000);
    expect(later.length).toBeGreaterThan(50);
    expect(later.length).toBeLessThan(62);
  });

  it('that name no wait are asked ever more rarely, at least once a minute', async () => {
    const { at } = await metered({ requestsPerMinute: 0, retryAfter: '' }, 10);
    expect(at.filter((time) => time > 1000).length).toBeLessThan(18);
    expect(Math.max(...at)).toBeGreaterThan(9 * 60_000 - 5000);
  });
});

it('a request that is refused at any pace makes nobody slower', async () => {
  const clock = createVirtualClock();
  const throttle = createThrottle({ refusal, clock });
  const pass = () => throttle.run(() => clock.sleep(50));
  const refused = () => throttle.run(() => Promise.reject(new TooMany(null))).catch(() => undefined);
  await Promise.all([clock.run(2000), pass(), refused(), pass()]);
  const tried: number[] = [];
  const again = async (): Promise<void> => {
    for (let times = 0; times < 6; times++) {
      await refused();
      tried.push(clock.now());
    }
    await pass();
    await pass();
    tried.push(clock.now());
  };
  await Promise.all([clock.run(300_000), again()]);
  // The waits of a provider that names none: 1, 2, 4, 8, 16 and 32 s.
  expect(tried.at(-1)).toBeLessThan(75_000);
  expect(throttle.perMinute ?? Number.POSITIVE_INFINITY).toBeGreaterThan(20);
});

it('isolating a text that is always refused takes seconds, and teaches no pace', async () => {
  const clock = createVirtualClock();
  const throttle = createThrottle({ refusal, clock });
  const isolating = { isolating: true };
  const passed = () => throttle.run(() => clock.sleep(50), undefined, isolating);
  const refused = () =>
    throttle.run(() => Promise.reject(new TooMany(null)), undefined, isolating).catch(() => undefined);
  let ended = 0;
  const isolate = async (): Promise<void> => {
    // The first of 128 texts: every first half is refused before its second half passes.
    for (let halving = 0; halving < 8; halving++) await refused();
    for (let halving = 0; halving < 7; halving++) await passed();
    ended = clock.now();
  };
  await Promise.all([clock.run(300_000), isolate()]);
  expect(ended).toBeGreaterThan(7000);
  expect(ended).toBeLessThan(9000);
  expect(throttle.perMinute).toBeNull();
});

describe('a wait of hours', () => {
  const HOURS = 6 * 3_600_000;
  const daily = () =>
    new EmbeddingError('the daily allowance is used up', {
      type: FailureType.RateLimited,
      status: 429,
      retryAfterMs: HOURS,
      billed: 'no',
    });

  it('is not slept in an activity: what comes is sent back at once, with what is left', async () => {
    const clock = createVirtualClock();
    const throttle = createThrottle({ refusal: rateLimited, clock });
    await expect(throttle.run(() => Promise.reject(daily()))).rejects.toThrow('daily allowance');
    await clock.run(60_000);
    let sent = 0;
    const held = throttle.run(async () => {
      sent += 1;
    });
    await expect(held).rejects.toMatchObject({
      type: FailureType.RateLimited,
      message: 'the daily allowance is used up',
      retryAfterMs: HOURS - 60_000,
      billed: 'no',
    });
    expect(sent).toBe(0);
    expect(throttle.gate).toEqual({ closed: true, closedMs: 60_000 });
  });

  it('does not hold back who comes later, and so on purpose; one tries at a time', async () => {
    const clock = createVirtualClock();
    const throttle = createThrottle({ refusal: rateLimited, clock });
    await expect(throttle.run(() => Promise.reject(daily()))).rejects.toThrow('daily allowance');
    await clock.run(180_000);
    let tried = 0;
    const all = Array.from({ length: 3 }, () =>
      throttle.run(async () => {
        tried += 1;
        await clock.sleep(50);
        throw daily();
      }),
    );
    const ends = Promise.allSettled(all);
    await clock.run(200_000);
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(tried).toBe(1);
    expect(throttle.gate).toEqual({ closed: true, closedMs: 200_000 });
  });

  it('shorter than two minutes is waited for as ever', async () => {
    const clock = createVirtualClock();
    const throttle = createThrottle({ refusal: rateLimited, clock });
    const { type, status, billed } = daily();
    const error = new EmbeddingError('slow down', { type, status, billed, retryAfterMs: 90_000 });
    await expect(throttle.run(() => Promise.reject(error))).rejects.toThrow('slow down');
    const waiting = throttle.run(async () => 7);
    await clock.run(90_000);
    expect(await waiting).toBe(7);
  });
});

it('who waits is let go by its signal, and nothing is sent', async () => {
  const clock = createVirtualClock();
  const throttle = createThrottle({ refusal, clock });
  await expect(throttle.run(() => Promise.reject(new TooMany(60_000)))).rejects.toThrow('429');
  const ending = new AbortController();
  let sent = false;
  const waiting = throttle.run(async () => {
    sent = true;
  }, ending.signal);
  ending.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  expect(sent).toBe(false);
});

it('another error than a 429 passes through and closes nothing', async () => {
  const throttle = createThrottle({ refusal });
  await expect(throttle.run(() => Promise.reject(new Error('500')))).rejects.toThrow('500');
  await expect(throttle.run(async () => 7)).resolves.toBe(7);
});
