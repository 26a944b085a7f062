import { describe, expect, it } from 'vitest';
import { FailureType } from '../../src/contract/failure.js';
import { tokensOf } from '../../src/domain/count-usage.js';
import { settledBy, settlementOf } from '../../src/domain/settlement.js';
import type { Attempt } from '../../src/engines/types.js';
import { readUsage } from '../../src/providers/answers/usage.js';
import { EmbeddingError } from '../../src/providers/errors/errors.js';
import { countTokens } from '../../src/providers/tokens.js';
import type { EmbedAnswer } from '../../src/providers/types.js';

const texts = ['Title: Overcast Corner Loop 20\nGenre: hip hop', 'Title: Kick'];
const attempt: Attempt = {
  requestId: 'r',
  runId: 'run',
  batchId: 'b',
  model: 'openai/text-embedding-3-small',
  operation: 'embeddings',
  boundNanos: 1140,
  hashes: [],
};

function answerOf(usage: unknown): EmbedAnswer {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const said = readUsage(usage, { inputs: texts.length, bytes });
  return { ...said, vectors: [], unusable: [], providerId: null, cached: false, latencyMs: 1 };
}

async function settle(usage: unknown, { model = attempt.model, price = 20 as number | null } = {}) {
  const answer = answerOf(usage);
  return settledBy(attempt, answer, await tokensOf(answer, texts, { model }), price);
}

const counted = async (): Promise<number> =>
  (await countTokens(texts[0] as string)) + (await countTokens(texts[1] as string));

describe('tokens that cannot be believed', () => {
  it.each([undefined, { prompt_tokens: 0 }, { prompt_tokens: 1 }, { prompt_tokens: 1e18 }])(
    'of a model whose tokenizer is ours are counted here: %j',
    async (usage) => {
      const tokens = await counted();
      expect(await settle(usage)).toMatchObject({
        tokens,
        costNanos: tokens * 20,
        boundNanos: tokens * 20,
        costSource: 'price',
        metadata: { tokensCountedHere: true },
      });
    },
  );

  it('beside a stated cost of 0 bound what may have been billed: the cost stays as it is stated', async () => {
    const tokens = await counted();
    expect(await settle({ prompt_tokens: 0, cost: 0 })).toMatchObject({
      tokens,
      costNanos: 0,
      boundNanos: tokens * 20,
      costSource: 'provider',
    });
  });

  it('beside a stated cost are counted to bound it', async () => {
    const tokens = await counted();
    expect(await settle({ prompt_tokens: 0, cost: tokens * 20e-9 })).toMatchObject({
      tokens,
      costNanos: tokens * 20,
      boundNanos: tokens * 20,
    });
    expect(await settle({ cost: 1e-9 })).toMatchObject({ costNanos: 1, boundNanos: tokens * 20 });
  });

  it('of another model leave the bound as it was', async () => {
    expect(await settle(undefined, { model: 'other/model' })).toMatchObject({
      tokens: null,
      costNanos: null,
      boundNanos: attempt.boundNanos,
      costSource: 'unknown',
    });
  });
});

describe('tokens that are fewer than those counted here', () => {
  it.each([{}, { cost: 0 }])(
    'are booked as they are said, and bounded by the count: beside %j',
    async (cost) => {
      const tokens = await counted();
      const said = Math.ceil(tokens / 2);
      expect(await settle({ prompt_tokens: said, ...cost })).toMatchObject({
        tokens: said,
        costNanos: 'cost' in cost ? 0 : said * 20,
        boundNanos: tokens * 20,
      });
    },
  );

  it('leave more that are said as they are', async () => {
    const said = 2 * (await counted());
    expect(await settle({ prompt_tokens: said })).toMatchObject({ tokens: said, boundNanos: said * 20 });
  });
});

describe('a stated cost below tokens × the listed price', () => {
  it.each([0, 1e-9, 0.0000001])(
    'of %d dollars is settled as it is said, and bounded by tokens and price',
    async (cost) => {
      const tokens = await counted();
      for (const model of [attempt.model, 'other/model'])
        expect(await settle({ prompt_tokens: tokens, cost }, { model })).toMatchObject({
          costNanos: Math.round(cost * 1e9),
          boundNanos: tokens * 20,
        });
    },
  );

  it('is bounded as the attempt was where nobody can tell its tokens', async () => {
    expect(await settle({ cost: 1e-9 }, { model: 'other/model' })).toMatchObject({
      costNanos: 1,
      boundNanos: attempt.boundNanos,
    });
  });

  it('is all that may have been billed where the price is a fraction, and rounding alone differs', async () => {
    const settlement = await settle({ prompt_tokens: 12, cost: 0.000000004 }, { price: 0.3 });
    expect(settlement).toMatchObject({ costNanos: 4, boundNanos: 4 });
  });
});

describe('without a price', () => {
  it('a stated cost is still the truth', async () => {
    const settlement = await settle({ prompt_tokens: 12, cost: 0.000002 }, { price: null });
    expect(settlement).toMatchObject({ costNanos: 2000, boundNanos: 2000 });
  });

  it('tokens alone tell no cost', async () => {
    const settlement = await settle({ prompt_tokens: 12 }, { price: null });
    expect(settlement).toMatchObject({ tokens: 12, costNanos: null, costSource: 'unknown' });
  });
});

it('a key of one’s own is shown in its parts', async () => {
  const cost_details = { upstream_inference_cost: '0.000002' };
  const settlement = await settle({ prompt_tokens: 12, cost: 0.0000001, is_byok: true, cost_details });
  expect(settlement).toMatchObject({
    costNanos: 2100,
    boundNanos: 2100,
    metadata: { byok: true, feeNanos: 100, upstreamNanos: 2000 },
  });
});

describe('an error', () => {
  const error = (billed: 'no' | 'maybe', statedNanos: number | null = null) =>
    new EmbeddingError('x', {
      type: FailureType.Transient,
      status: 502,
      retryAfterMs: null,
      billed,
      statedNanos,
    });

  it('that proves nothing was billed has failed, for 0', () => {
    expect(settlementOf(attempt, error('no'))).toMatchObject({
      status: 'failed',
      costNanos: 0,
      boundNanos: 0,
    });
  });

  it('that proves nothing is uncertain, at the bound it was opened with', () => {
    const settlement = settlementOf(attempt, error('maybe'));
    expect(settlement).toMatchObject({ status: 'uncertain', costNanos: null });
    expect(settlement).not.toHaveProperty('boundNanos');
  });

  it('whose answer says that it cost more is bound by that', () => {
    expect(settlementOf(attempt, error('maybe', 9000)).boundNanos).toBe(9000);
    expect(settlementOf(attempt, error('maybe', 9)).boundNanos).toBe(1140);
  });
});
