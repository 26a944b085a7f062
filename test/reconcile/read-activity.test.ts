import { describe, expect, it } from 'vitest';
import { countOf, nanosOfDollars } from '../../src/reconcile/dollars.js';
import { readActivity } from '../../src/reconcile/read-activity.js';
import { modelOf } from '../../src/reconcile/same-model.js';

describe('dollars', () => {
  it.each([
    [0, 0n],
    [0.0151, 15_100_000n],
    [1.2e-7, 120n],
    ['0.00000002', 20n],
    ['1.2e-7', 120n],
    ['$3.50', 3_500_000_000n],
    ['-0.5', -500_000_000n],
    ['.5', 500_000_000n],
    // A sum of binary fractions, as a provider's JSON has it.
    [0.1 + 0.2, 300_000_000n],
    ['0.0000000005', 1n],
    ['0.00000000049', 0n],
    ['9007199254740993.000000001', 9_007_199_254_740_993_000_000_001n],
    ['', null],
    ['.', null],
    ['one', null],
    ['1,5', null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    [null, null],
    [{}, null],
  ])('%j are %s nanodollars', (value, nanos) => expect(nanosOfDollars(value)).toBe(nanos));

  it.each([
    [0, 0n],
    [12, 12n],
    ['12', 12n],
    ['90071992547409930', 90_071_992_547_409_930n],
    [1.5, null],
    [-1, null],
    ['-1', null],
    ['', null],
    [undefined, null],
  ])('the count %j is %s', (value, count) => expect(countOf(value)).toBe(count));
});

describe('an activity', () => {
  const item = {
    date: '2026-11-20',
    model: 'openai/text-embedding-3-small',
    model_permaslug: 'openai/text-embedding-3-small',
    endpoint_id: '550e8400-e29b-41d4-a716-446655440000',
    provider_name: 'OpenAI',
    usage: 0.015,
    byok_usage_inference: 0.012,
    requests: 5,
    prompt_tokens: 50,
    completion_tokens: 125,
    reasoning_tokens: 25,
  };
  const row = {
    day: '2026-11-20',
    requests: 5,
    // Reasoning is part of completion.
    tokens: 175n,
    costNanos: 27_000_000n,
    byokNanos: 12_000_000n,
  };

  it('is read from GET /activity, whose dates may carry a time; fee and upstream add up', () => {
    const { rows } = readActivity(
      JSON.stringify({ data: [item, { ...item, date: '2026-11-20 00:00:00' }] }),
      'FILE',
    );
    expect(rows).toMatchObject([row, row]);
  });

  it('is read from the same as CSV', () => {
    const csv = `\uFEFF${Object.keys(item).join(',')}\n${Object.values(item).join(',')}\n`;
    expect(readActivity(csv, 'FILE').rows).toMatchObject([row]);
  });

  it('is read from the export with a row a request, with quoted fields and lines of either kind', () => {
    const csv = [
      'generation_id,created_at,cost_total,cost_web_search,cost_cache,cost_file_processing,byok_usage_inference,tokens_prompt,tokens_completion,tokens_reasoning,tokens_cached,model_permaslug,provider_name,variant,cancelled,streamed,user,finish_reason_raw,finish_reason_normalized,generation_time_ms,time_to_first_token_ms,api_key_disabled,api_key_name,app_name',
      'gen-1782618417-x,2026-06-28 03:46:57.713,0.0123,0,0,,0.5,10389,137,0,0,openai/text-embedding-3-small,"Open, AI",,false,false,,,,1,1,false,"a ""b""",sample-embeddings',
      '',
    ];
    for (const end of ['\n', '\r\n'])
      expect(readActivity(csv.join(end), 'FILE').rows).toEqual([
        {
          day: '2026-06-28',
          names: ['openai/text-embedding-3-small'],
          requests: 1,
          tokens: 10_526n,
          costNanos: 512_300_000n,
          byokNanos: 500_000_000n,
          providerId: 'gen-1782618417-x',
          app: 'sample-embeddings',
        },
      ]);
  });

  it.each([
    ['2026-11-20T12:00:00+02:00', /line 2 has "2026-11-20T12:00:00\+02:00" as created_at/],
    ['20/11/2026', /as created_at/],
    ['2026-13-40 00:00:00', /as created_at/],
  ])('a time that is not in UTC is refused: %s', (time, sentence) => {
    const csv = `created_at,cost_total,tokens_prompt,model_permaslug\n${time},0.1,1,m\n`;
    expect(() => readActivity(csv, 'FILE')).toThrow(sentence);
  });
});

describe('the model of a row', () => {
  const models = ['openai/text-embedding-3-large', 'openai/text-embedding-3-small', 'x/y:free'];
  it.each([
    [['openai/text-embedding-3-small'], 'openai/text-embedding-3-small'],
    [['openai/text-embedding-3-small-2024-01-25'], 'openai/text-embedding-3-small'],
    [['openai/text-embedding-3-small-20240125'], 'openai/text-embedding-3-small'],
    [['OpenAI/Text-Embedding-3-Small'], 'openai/text-embedding-3-small'],
    [['x/y'], 'x/y:free'],
    [['openai/text-embedding-3-small-pro'], null],
    [['openai/text-embedding-3'], null],
    [[], null],
  ])('%j is %s', (names, model) => expect(modelOf(names, models)).toBe(model));
});
