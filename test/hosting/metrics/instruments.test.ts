import { expect, it } from 'vitest';
import { createInstruments } from '../../../src/hosting/metrics/instruments.js';
import { statusClass } from '../../../src/hosting/metrics/measured.js';
import { parseMetrics, totalOf } from '../../support/prometheus.js';

const settled = (costNanos: number | null) => ({
  requestId: 'r',
  status: 'settled' as const,
  tokens: 3,
  costNanos,
  costSource: 'provider' as const,
});
const failure = (reason: string) => ({
  sampleId: 1,
  reason,
  message: 'm',
  contentHash: null,
  permanent: false,
  attempts: 1,
});
const nothing = { vectors: [], copies: [], failures: [], settlements: [] };

it('dollars are added up as integers: a hundred thousand small costs do not drift', async () => {
  const instruments = createInstruments({ version: '1', buildId: null, collection: 'samples' });
  for (let n = 0; n < 100_000; n++)
    instruments.committed({ ...nothing, settlements: [settled(101), settled(null)] }, 0.001);
  const samples = parseMetrics(await instruments.text());
  expect(totalOf(samples, 'embeddings_cost_dollars_total')).toBe(0.0101);
  expect(totalOf(samples, 'embeddings_tokens_total')).toBe(600_000);
});

it('failures are counted by reason; a reason that is not ours does not become a label', async () => {
  const instruments = createInstruments({ version: '1', buildId: 'b', collection: 'samples' });
  const failures = [failure('Rejected'), failure('Rejected'), failure('Deleted'), failure('x'.repeat(50))];
  instruments.committed({ ...nothing, failures }, 0.001);
  const samples = parseMetrics(await instruments.text());
  const of = (reason: string) => totalOf(samples, 'embeddings_samples_failed_total', { reason });
  expect([of('Rejected'), of('Deleted'), of('Transient'), of('other')]).toEqual([2, 1, 0, 1]);
  expect(totalOf(samples, 'embeddings_worker_info', { build_id: 'b' })).toBe(1);
});

it.each([
  ['InvalidResponse', 200, 'invalid'],
  ['Transient', null, 'none'],
  ['RateLimited', 429, '429'],
  ['Blocked', 302, '3xx'],
  ['Blocked', 402, '4xx'],
  ['Transient', 524, '5xx'],
] as const)('a request that ended as %s with status %s counts as %s', (type, status, expected) => {
  expect(statusClass({ type, status })).toBe(expected);
});
