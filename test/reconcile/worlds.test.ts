import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reconcile } from '../../src/reconcile/compare.js';
import { daysAfter } from '../../src/reconcile/days.js';
import type { ActivityRow, LedgerAttempt } from '../../src/reconcile/types.js';
import { attempt, row } from './attempts.js';

const FIRST = '2026-11-20';
const START = Date.parse(`${FIRST}T00:00:00Z`);
const DAYS = 3;
const iso = (ms: number): string => new Date(ms).toISOString();

/** One request: what became of it, when, and which day the provider counted it on. */
interface Event {
  minute: number;
  seconds: number;
  tokens: number;
  what: 'answered' | 'lost' | 'lost, not billed' | 'refused' | 'cached';
  late: boolean;
}

const events = fc.array(
  fc.record<Event>({
    minute: fc.oneof(
      fc.integer({ min: 10, max: DAYS * 1440 - 10 }),
      // Around midnight.
      fc.integer({ min: 1437, max: 1443 }),
    ),
    seconds: fc.integer({ min: 0, max: 90 }),
    tokens: fc.integer({ min: 1, max: 5000 }),
    what: fc.constantFrom(
      'answered',
      'answered',
      'answered',
      'lost',
      'lost, not billed',
      'refused',
      'cached',
    ),
    late: fc.boolean(),
  }),
  { maxLength: 20 },
);

function world(all: Event[]): { attempts: LedgerAttempt[]; rows: ActivityRow[] } {
  const attempts: LedgerAttempt[] = [];
  const rows: ActivityRow[] = [];
  for (const { minute, seconds, tokens, what, late } of all) {
    const created = START + minute * 60_000;
    const settled = created + seconds * 1000;
    const times = { createdAt: iso(created), settledAt: iso(settled) };
    const cost = BigInt(tokens) * 20n;
    if (what === 'answered') attempts.push(attempt({ ...times, tokens: BigInt(tokens) }));
    else if (what === 'cached') attempts.push(attempt({ ...times, tokens: 0n, cached: true }));
    else if (what === 'refused') attempts.push(attempt({ ...times, status: 'failed', tokens: 0n }));
    else
      attempts.push(
        attempt({ ...times, status: 'uncertain', tokens: null, costNanos: null, mostNanos: cost + 60n }),
      );
    if (what === 'refused' || what === 'lost, not billed') continue;
    const billed = what === 'cached' ? 0n : BigInt(tokens);
    rows.push(row(1, billed, { day: iso(late ? settled : created).slice(0, 10) }));
  }
  return { attempts, rows };
}

const compare = async ({ attempts, rows }: ReturnType<typeof world>) => {
  const activity = { rows, from: FIRST, to: daysAfter(FIRST, DAYS - 1) };
  const found = await reconcile(activity, attempts, { today: daysAfter(FIRST, DAYS + 1) });
  if (found === null) throw new Error('nothing was compared');
  return found;
};

describe('whatever happened', () => {
  it('a true activity is explained, each difference to the last token and nanodollar', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (all) => {
        const { cells, unexplained } = await compare(world(all));
        expect(unexplained).toBe(0);
        for (const { provider, ledger, explanations, rest } of cells)
          for (const name of ['requests', 'tokens', 'costNanos'] as const) {
            const told = explanations.reduce((sum, each) => sum + BigInt(each[name]), BigInt(rest[name]));
            expect(told).toBe(BigInt(provider[name]) - BigInt(ledger[name]));
          }
      }),
      { numRuns: 300 },
    );
  });

  it('a row too many, or one that is missing, is never explained away where all was answered', async () => {
    const answered = events.map((all) => all.map((each) => ({ ...each, what: 'answered' as const })));
    await fc.assert(
      fc.asyncProperty(answered, fc.integer({ min: 1, max: 5000 }), async (all, tokens) => {
        const { attempts, rows } = world(all);
        expect((await compare({ attempts, rows: [...rows, row(1, BigInt(tokens))] })).unexplained > 0).toBe(
          attempts.length > 0,
        );
        if (rows.length > 0)
          expect((await compare({ attempts, rows: rows.slice(1) })).unexplained).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});
