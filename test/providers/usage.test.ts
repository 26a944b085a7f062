import { describe, expect, test } from 'vitest';
import { readUsage } from '../../src/providers/answers/usage.js';

/** 2 texts of 400 bytes: at most 8,448 tokens are believed, from 25 on they bound what was billed. */
const sent = { inputs: 2, bytes: 400 };

describe('tokens', () => {
  test.each<[unknown, number | null, number | null]>([
    [undefined, null, null],
    [null, null, null],
    ['x', null, null],
    [[], null, null],
    [{ prompt_tokens: 100, total_tokens: 100 }, 100, 100],
    [{ prompt_tokens: 100 }, 100, 100],
    [{ total_tokens: 100 }, 100, 100],
    [{ prompt_tokens: 0, total_tokens: 100 }, 100, 100],
    [{ prompt_tokens: 100, total_tokens: 120 }, 100, 120],
    [{ prompt_tokens: 120, total_tokens: 100 }, 100, 120],
    [{ prompt_tokens: 3, total_tokens: 100 }, 100, 100],
    [{ prompt_tokens: 99.2 }, 100, 100],
    [{ prompt_tokens: '100' }, 100, 100],
    [{ prompt_tokens: ' 1e2 ' }, 100, 100],
    [{ prompt_tokens: '100 tokens' }, null, null],
    [{ prompt_tokens: '' }, null, null],
    [{ prompt_tokens: true }, null, null],
    [{ prompt_tokens: 0, total_tokens: 0 }, null, null],
    [{ prompt_tokens: -5 }, null, null],
    [{ prompt_tokens: Number.NaN }, null, null],
    [{ prompt_tokens: 'NaN' }, null, null],
    [{ prompt_tokens: 8448 }, 8448, 8448],
    [{ prompt_tokens: 8449 }, null, null],
    [{ prompt_tokens: 1e18 }, null, null],
    [{ prompt_tokens: 25 }, 25, 25],
    // Booked as it is said, and no upper bound.
    [{ prompt_tokens: 24 }, 24, null],
    [{ prompt_tokens: 1 }, 1, null],
  ])('%j: %j, at most %j', (usage, tokens, tokensMost) => {
    expect(readUsage(usage, sent)).toMatchObject({ tokens, tokensMost });
  });
});

describe('cost, nanodollars', () => {
  const upstream = (cost: unknown) => ({ cost_details: { upstream_inference_cost: cost } });
  test.each<[unknown, number | null, number | null]>([
    [{}, null, null],
    [{ cost: 0.000002 }, 2000, 2000],
    [{ cost: '0.000002' }, 2000, 2000],
    [{ cost: '2e-6' }, 2000, 2000],
    [{ cost: null }, null, null],
    [{ cost: 'free' }, null, null],
    [{ cost: 'NaN' }, null, null],
    [{ cost: -1 }, null, null],
    [{ cost: 1_000_000 }, 1e15, 1e15],
    [{ cost: 1_000_001 }, null, null],
    [{ cost: 1e300 }, null, null],
    // Recorded as it is stated, and no bound.
    [{ cost: 0 }, 0, null],
    [{ cost: '0' }, 0, null],
    // A key of one's own: fee and upstream.
    [{ cost: 0.0000001, is_byok: true, ...upstream(0.000002) }, 2100, 2100],
    [{ cost: '0.0000001', is_byok: 'true', ...upstream('0.000002') }, 2100, 2100],
    [{ cost: 0, is_byok: true, ...upstream(0.000002) }, 2000, 2000],
    [{ is_byok: true, ...upstream(0.000002) }, 2000, null],
    [{ cost: 0.0000001, is_byok: true, ...upstream(null) }, 100, null],
    [{ cost: 0.0000001, is_byok: true, ...upstream(0) }, 100, null],
    [{ cost: 0.0000001, is_byok: true }, 100, null],
    [{ is_byok: true }, null, null],
    // Not a key of one's own: what the provider behind it takes is in the cost.
    [{ cost: 0.0000021, is_byok: false, ...upstream(0.000002) }, 2100, 2100],
    // Not said whose key: it may come on top.
    [{ cost: 0, ...upstream(0.000002) }, 0, 2000],
    [{ cost: 0.0000001, ...upstream(0.000002) }, 100, 2100],
  ])('%j: %j, at most %j', (usage, costNanos, costMost) => {
    expect(readUsage(usage, sent)).toMatchObject({ costNanos, costMost });
  });

  test('of a key of one’s own is told in its parts', () => {
    const said = readUsage({ cost: 0.0000001, is_byok: true, ...upstream(0.000002) }, sent);
    expect(said.byok).toEqual({ feeNanos: 100, upstreamNanos: 2000 });
    expect(readUsage({ cost: 0.0000001, is_byok: true }, sent).byok).toEqual({
      feeNanos: 100,
      upstreamNanos: null,
    });
    expect(readUsage({ cost: 0.0000001 }, sent).byok).toBeNull();
  });
});
