import { afterEach, describe, expect, it } from 'vitest';
import { startSqld, type TestSqld } from '../support/sqld.js';
import { type Bill, type Catalog, figuresOf, readLedger, type Said, type Site, setSite } from './index.mjs';

/** Two homes have two Temporals, which know nothing of each other: what they share is the store alone. */

const SAMPLES = 1200;

let site: Site;
let sqld: TestSqld | null = null;
afterEach(async () => {
  await site?.close();
  await sqld?.stop();
  sqld = null;
});

/** Texts by how often each was charged: `{ 1: 1200 }` is what is wanted. */
function howOften({ times }: Bill, { keys }: Catalog): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const key of keys) counts[times.get(key) ?? 0] = (counts[times.get(key) ?? 0] ?? 0) + 1;
  return counts;
}

describe('two homes over one store, started together, buy each text once, and both tell the truth of it:', () => {
  it.each(['a file', 'a libSQL server'])(
    '%s',
    async (kind) => {
      sqld = kind === 'a file' ? null : await startSqld();
      site = await setSite({
        samples: SAMPLES,
        latencyMs: 100,
        ...(sqld !== null && { store: sqld.url }),
        settings: { BATCH_SIZE: '50', CONCURRENCY: '4' },
      });
      const ends = await Promise.all(
        ['one', 'two'].map((home) => site.product(home).run(['--all', '--json'])),
      );
      const bill = site.bill();
      expect(howOften(bill, site.catalog)).toEqual({ 1: SAMPLES });
      expect(ends.map(({ code }) => code)).toEqual([0, 0]);

      const ledger = await readLedger(site.store);
      expect(ledger.vectors.size).toBe(SAMPLES);
      for (const [id, { text }] of ledger.vectors) expect(text).toBe(site.catalog.texts.get(id));
      const { bill: paid, settled, uncertain } = figuresOf({ bill, ledger });
      expect({ settled, uncertain }).toEqual({ settled: paid, uncertain: 0 });

      const reports = ends.map(({ said }) => said as Said);
      for (const report of reports) {
        expect(report).toMatchObject({ state: 'completed', total_selected: SAMPLES, failed: 0 });
        expect(report.stored + report.unchanged).toBe(SAMPLES);
        // Its own rows, and what it paid itself: neither claims the other's work.
        const rows = [...ledger.vectors.values()].filter(({ runId }) => runId === report.run_id);
        expect(report.stored).toBe(rows.length);
        const own = ledger.attempts.filter(({ runId }) => runId === report.run_id);
        expect(report.total_cost_nanodollars).toBe(
          Number(own.reduce((sum, row) => sum + (row.settled ?? 0n), 0n)),
        );
      }
      expect(reports.reduce((sum, report) => sum + report.stored, 0)).toBe(SAMPLES);
    },
    900_000,
  );
});
