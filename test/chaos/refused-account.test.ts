import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { json } from '../e2e/scene.js';
import { idsOf, judge } from '../support/referee.js';
import { type Site, setSite } from './site.js';
import { startTemporal } from './temporal.js';

let temporal: TestWorkflowEnvironment;
let site: Site;
beforeAll(async () => {
  temporal = await startTemporal();
});
afterEach(() => site?.close());
afterAll(() => temporal?.teardown());

describe('an account that is refused in the middle of a run', () => {
  it.each([
    [401, 'User not found', /OPENROUTER_API_KEY was refused/],
    [402, 'Insufficient credits', /no credit is left: add some/],
  ])(
    '%i blocks within one window with the cure; `resume` goes on in the same run, with the same totals',
    async (status, message, cure) => {
      site = await setSite({ samples: 800, env: { TEMPORAL_ADDRESS: temporal.address } });
      site.gate.refuse({ status, message }, 5);
      site.start(['worker']);
      const args = ['--all', '--batch-size', '40', '--concurrency', '2', '--json'];
      const blocked = await site.run(args);
      expect(blocked.code).toBe(3);
      expect(json(blocked)).toMatchObject({ state: 'blocked', stored: 200, failed: 0 });
      expect(json(blocked).reason).toMatch(cure);
      // Two requests at a time, and as many batches ready behind each as the window has.
      expect(site.gate.refused()).toBeGreaterThan(0);
      expect(site.gate.refused()).toBeLessThanOrEqual(6);

      site.gate.refuse(null);
      expect(await site.run(['resume'])).toMatchObject({ code: 0 });
      const end = await site.run(['status', '--watch', '--json']);
      const bill = site.sandbox.bill();
      expect(json(end)).toMatchObject({
        state: 'completed',
        run_id: json(blocked).run_id,
        stored: 800,
        failed: 0,
        total_cost_nanodollars: bill.costNanos,
      });
      judge(site.store, idsOf(site.catalog), bill);
      expect(bill.boughtTwice).toBe(0);
    },
  );
});
