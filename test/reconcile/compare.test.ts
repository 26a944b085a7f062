import { describe, expect, it } from 'vitest';
import { reconcile } from '../../src/reconcile/compare.js';
import type { ActivityRow, Cell, LedgerAttempt } from '../../src/reconcile/types.js';
import { attempt, DAY, MODEL, OVER_MIDNIGHT, open, row } from './attempts.js';

const TODAY = '2026-11-25';

const compare = async (rows: ActivityRow[], attempts: LedgerAttempt[], more = {}) => {
  const result = await reconcile({ rows, from: DAY, to: '2026-11-22' }, attempts, { today: TODAY, ...more });
  if (result === null) throw new Error('nothing was compared');
  return result;
};
const only = async (...args: Parameters<typeof compare>): Promise<Cell> => {
  const { cells } = await compare(...args);
  expect(cells).toHaveLength(1);
  return cells[0] as Cell;
};

describe('the ledger against the activity', () => {
  it('is the same where requests, tokens and cost are; searches count', async () => {
    const attempts = [attempt(), attempt({ operation: 'search', tokens: 5n })];
    const cell = await only([row(2, 105n)], attempts);
    expect(cell).toMatchObject({ verdict: 'same', explanations: [], ledger: { requests: 2, searches: 1 } });
  });

  it('adds up rows of several endpoints, and finds the model by its permanent name', async () => {
    const rows = [
      row(1, 100n, { names: ['other/name', `${MODEL}-2026-01-02`] }),
      row(1, 100n, { names: [MODEL] }),
    ];
    expect(await only(rows, [attempt(), attempt()])).toMatchObject({ verdict: 'same' });
  });

  it('explains by attempts without an answer, named, within their bounds', async () => {
    const lost = [open(2500n), open(2000n)];
    const cell = await only([row(2, 200n)], [attempt(), ...lost]);
    expect(cell.verdict).toBe('explained');
    expect(cell.explanations).toEqual([
      {
        kind: 'uncertain',
        requests: 1,
        tokens: 100n,
        costNanos: 2000n,
        attempts: lost.map((each) => each.requestId),
        of: 1,
      },
    ]);
  });

  it('does not stretch a bound: what is above it is unexplained', async () => {
    const cell = await only([row(2, 300n)], [attempt(), open(2000n)]);
    expect(cell).toMatchObject({
      verdict: 'unexplained',
      rest: { requests: 0, tokens: 100n, costNanos: 2000n },
    });
  });

  it('takes an attempt without a known bound for any amount', async () => {
    expect(await only([row(2, 300n)], [attempt(), open(null)])).toMatchObject({ verdict: 'explained' });
  });

  it('explains by pending attempts, and by answers without a cost', async () => {
    const unpriced = attempt({ costNanos: null, mostNanos: 5000n });
    const cell = await only([row(3, 300n)], [attempt(), unpriced, open(2000n, { status: 'pending' })]);
    expect(cell.verdict).toBe('explained');
    expect(cell.explanations.map(({ kind }) => kind)).toEqual(['pending', 'unpriced']);
  });

  it('an answer whose cost was not believed explains money, and no tokens', async () => {
    const free = attempt({ costNanos: 0n, mostNanos: 2000n });
    expect(await only([row(1, 100n)], [free])).toMatchObject({ verdict: 'explained' });
    expect(await only([row(1, 120n)], [free])).toMatchObject({
      verdict: 'unexplained',
      rest: { tokens: 20n },
    });
  });

  it('a provider may count cached hits and refused requests, or not', async () => {
    const cached = attempt({ cached: true, tokens: 0n });
    const failed = attempt({ status: 'failed', tokens: 0n });
    expect(await only([row(2, 100n)], [attempt(), cached, failed])).toMatchObject({ verdict: 'same' });
    const hidden = await only([row(1, 100n)], [attempt(), cached, failed]);
    expect(hidden).toMatchObject({ verdict: 'explained', explanations: [{ kind: 'cached', requests: -1 }] });
    const counted = await only([row(3, 100n)], [attempt(), cached, failed]);
    expect(counted).toMatchObject({ verdict: 'explained', explanations: [{ kind: 'failed', requests: 1 }] });
  });

  it('a refused request that was billed is unexplained', async () => {
    const failed = attempt({ status: 'failed', tokens: 0n, costNanos: 0n, mostNanos: 0n });
    expect(await only([row(2, 200n)], [attempt(), failed])).toMatchObject({ verdict: 'unexplained' });
  });

  it('less than the ledger is unexplained: somebody else pays, or the activity is not whole', async () => {
    expect(await only([row(1, 100n)], [attempt(), attempt()])).toMatchObject({
      verdict: 'unexplained',
      rest: { requests: -1, tokens: -100n, costNanos: -2000n },
    });
  });

  it('fractions of a nanodollar are no difference that matters', async () => {
    const cell = await only([row(2, 200n, { costNanos: 4001n })], [attempt(), attempt()]);
    expect(cell).toMatchObject({ verdict: 'explained', explanations: [{ kind: 'rounding', costNanos: 1n }] });
  });
});

describe('midnight', () => {
  const over = (tokens: bigint) => attempt({ tokens, ...OVER_MIDNIGHT });

  it('an attempt that was under way then counts on whichever day the provider has it, once', async () => {
    const attempts = [attempt(), over(7n), over(8n), over(9n)];
    const { cells } = await compare([row(3, 116n), row(1, 8n, { day: '2026-11-21' })], attempts);
    expect(cells.map(({ verdict }) => verdict)).toEqual(['explained', 'explained']);
    const moved = [attempts[2]?.requestId];
    expect(cells[0]?.explanations).toMatchObject([
      { kind: 'midnight', requests: -1, tokens: -8n, attempts: moved },
    ]);
    expect(cells[1]?.explanations).toMatchObject([
      { kind: 'midnight', requests: 1, tokens: 8n, attempts: moved },
    ]);
  });

  it('one that both days have is unexplained', async () => {
    const { cells, unexplained } = await compare(
      [row(2, 107n), row(1, 7n, { day: '2026-11-21' })],
      [attempt(), over(7n)],
    );
    expect(unexplained).toBe(1);
    expect(cells[1]).toMatchObject({ day: '2026-11-21', rest: { requests: 1, tokens: 7n, costNanos: 140n } });
  });

  it('reaches over both ends of the days compared', async () => {
    const before = attempt({ createdAt: '2026-11-19T23:59:59.000Z', settledAt: `${DAY}T00:00:01.000Z` });
    const after = attempt({ createdAt: '2026-11-22T23:59:59.000Z', settledAt: '2026-11-23T00:00:01.000Z' });
    const { cells } = await compare([row(1, 100n)], [before, after]);
    expect(cells.map(({ day, verdict }) => [day, verdict])).toEqual([
      [DAY, 'explained'],
      ['2026-11-22', 'explained'],
    ]);
    expect((await compare([row(0, 0n)], [before])).unexplained).toBe(0);
  });

  it('an attempt without an answer explains one of both days, not both', async () => {
    const attempts = [attempt(), open(2000n, OVER_MIDNIGHT)];
    const once = [row(1, 100n), row(1, 100n, { day: '2026-11-21' })];
    expect((await compare(once, attempts)).unexplained).toBe(0);
    const twice = [row(2, 200n), row(1, 100n, { day: '2026-11-21' })];
    expect((await compare(twice, attempts)).unexplained).toBe(1);
  });

  it('ids in an export say which attempt was counted on which day', async () => {
    const first = attempt({ ...OVER_MIDNIGHT, providerId: 'gen-1' });
    const second = attempt({ ...OVER_MIDNIGHT, providerId: 'gen-2' });
    const rows = [
      row(1, 100n, { providerId: 'gen-2' }),
      row(1, 100n, { providerId: 'gen-1', day: '2026-11-21' }),
    ];
    const { cells, unexplained } = await compare(rows, [first, second]);
    expect(unexplained).toBe(0);
    expect(cells[1]?.explanations).toMatchObject([{ kind: 'midnight', attempts: [first.requestId] }]);
  });
});

describe('a key of one’s own', () => {
  const byok = row(1, 100n, { costNanos: 2100n, byokNanos: 2000n });

  it('fee and upstream cost both count', async () => {
    const cell = await only([byok], [attempt({ costNanos: 2100n, mostNanos: 2100n, upstreamNanos: 2000n })]);
    expect(cell).toMatchObject({ verdict: 'same', ledger: { upstreamNanos: 2000n } });
  });

  it('rows of an earlier version, which booked the fee alone, are named', async () => {
    const old = attempt({ costNanos: 100n, mostNanos: 100n });
    expect(await only([byok], [old])).toMatchObject({
      verdict: 'explained',
      explanations: [{ kind: 'upstream', costNanos: 2000n, attempts: [old.requestId] }],
    });
  });
});

describe('requests of others', () => {
  it('are told apart by the program’s name in an export, or by --shared-key', async () => {
    const theirs = row(1, 50n, { app: 'chat' });
    const ours = row(1, 100n, { app: 'sample-embeddings' });
    expect(await only([ours, theirs], [attempt()])).toMatchObject({
      verdict: 'explained',
      explanations: [{ kind: 'otherProgram', requests: 1, tokens: 50n }],
    });
    expect(await only([row(2, 150n)], [attempt()])).toMatchObject({ verdict: 'unexplained' });
    expect(await only([row(2, 150n)], [attempt()], { sharedKey: true })).toMatchObject({
      verdict: 'explained',
      explanations: [{ kind: 'sharedKey', requests: 1, tokens: 50n, costNanos: 1000n }],
    });
  });

  it('of a dear program do not narrow what an answer that got lost may have been', async () => {
    const theirs = row(1, 10n, { app: 'chat', costNanos: 500_000_000n });
    expect(await only([row(2, 200n), theirs], [attempt(), open(2500n)])).toMatchObject({
      verdict: 'explained',
    });
    const mixed = row(3, 210n, { costNanos: 500_004_000n });
    expect(await only([mixed], [attempt(), open(2500n)])).toMatchObject({
      explanations: [{ kind: 'uncertain', tokens: 110n, costNanos: 2500n }],
      rest: { requests: 1, tokens: 0n },
    });
  });

  it('never excuse what the provider does not have', async () => {
    expect(await only([], [attempt()], { sharedKey: true })).toMatchObject({ verdict: 'unexplained' });
  });

  it('models that the ledger never asked for are listed apart', async () => {
    const { cells, otherModels } = await compare(
      [row(3, 9n, { names: ['x/chat'] }), row(1, 100n)],
      [attempt()],
    );
    expect(cells).toMatchObject([{ verdict: 'same' }]);
    expect(otherModels).toMatchObject([{ model: 'x/chat', requests: 3, tokens: 9n }]);
  });
});

describe('days', () => {
  it('today is said and not compared; attempts of days not covered are counted', async () => {
    const rows = [row(1, 100n), row(5, 5n, { day: TODAY })];
    const attempts = [
      attempt(),
      attempt({ createdAt: `${TODAY}T08:00:00.000Z`, settledAt: null }),
      attempt({ createdAt: '2026-01-01T08:00:00.000Z', settledAt: '2026-01-01T08:00:01.000Z' }),
    ];
    expect(await reconcile({ rows, from: null, to: null }, attempts, { today: TODAY })).toMatchObject({
      from: DAY,
      to: '2026-11-24',
      incomplete: { requests: 5 },
      outside: 2,
      unexplained: 0,
    });
  });

  it('an activity without a completed day compares nothing', async () => {
    const rows = [row(5, 5n, { day: TODAY })];
    expect(await reconcile({ rows, from: null, to: null }, [attempt()], { today: TODAY })).toBeNull();
    expect(await reconcile({ rows: [], from: null, to: null }, [], { today: TODAY })).toBeNull();
  });

  it('money beyond 2^53 stays exact', async () => {
    const huge = 9_007_199_254_740_993n;
    const attempts = [attempt({ costNanos: huge, mostNanos: huge })];
    const cell = await only([row(1, 100n, { costNanos: huge + 5n })], attempts);
    expect(cell).toMatchObject({ verdict: 'unexplained', rest: { costNanos: 5n } });
  });
});
