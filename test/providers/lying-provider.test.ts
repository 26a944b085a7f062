import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokensOf } from '../../src/domain/count-usage.js';
import { settledBy, settlementOf } from '../../src/domain/settlement.js';
import type { Attempt, Settlement } from '../../src/engines/types.js';
import type { Fault, Sandbox } from '../../src/local/sandbox-openrouter/index.js';
import { startSandbox, USAGE_WAYS } from '../../src/local/sandbox-openrouter/index.js';
import { EmbeddingError } from '../../src/providers/errors/errors.js';
import { createOpenRouter } from '../../src/providers/openrouter.js';

const PRICE = 20;
const OPENAI = 'openai/text-embedding-3-small';
/** Its tokenizer is not ours: what it says, or does not say, cannot be checked by counting. */
const OTHER = 'other/model';
const TEXTS = Array.from(
  { length: 20 },
  (_, n) => `Title: Overcast Corner Loop ${n}\nGenre: hip hop\nBPM: 96`,
);

/** Its bill is its own: what it says in its answers has no part in it. */
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ models: [OPENAI, OTHER], responseCache: false });
});
afterAll(() => sandbox.stop());

/** One request as a batch makes it: bound before, settled after, by the answer or by the error. */
async function buy(model: string): Promise<{ attempt: Attempt; settlement: Settlement; billed: number }> {
  const provider = createOpenRouter({ apiKey: 'sk-x', baseUrl: sandbox.baseUrl });
  const bytes = TEXTS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const attempt: Attempt = {
    requestId: 'r',
    runId: 'run',
    batchId: 'b',
    model,
    operation: 'embeddings',
    boundNanos: bytes * PRICE,
    hashes: [],
  };
  const before = sandbox.bill().costNanos;
  const settlement = await provider
    .embed({ model, dimensions: 4, texts: TEXTS, subject: 'samples 1–20' })
    .then(
      async (answer) => settledBy(attempt, answer, await tokensOf(answer, TEXTS, { model }), PRICE),
      (error: unknown) => {
        if (!(error instanceof EmbeddingError)) throw error;
        return settlementOf(attempt, error);
      },
    );
  return { attempt, settlement, billed: sandbox.bill().costNanos - before };
}

/** What the ledger holds for certain, and the most that it says may have been billed. */
const figures = ({ attempt, settlement }: { attempt: Attempt; settlement: Settlement }) => {
  const settled = settlement.costNanos ?? 0;
  return { settled, most: settlement.boundNanos ?? attempt.boundNanos ?? 0 };
};

const BILLED: Fault[] = [
  ...[408, 409, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529, 599].map(
    (status): Fault => ({ kind: 'status', status, billed: true }),
  ),
  { kind: 'status', status: 502, page: true, billed: true },
  // A proxy's pages: it may report any status of its own.
  ...[400, 401, 402, 403, 404, 413, 422, 429].map(
    (status): Fault => ({ kind: 'status', status, page: true, billed: true }),
  ),
  { kind: 'status', status: 302, billed: true },
  { kind: 'status', status: 418, billed: true },
  ...([400, 402, 404, 429, 500, 502, 'insufficient_quota', 'unheard of'] as const).map(
    (code): Fault => ({ kind: 'error-in-200', code, billed: true }),
  ),
  { kind: 'reset-after-billing' },
  ...(['truncated', 'fewer', 'more', 'duplicate-index', 'wrong-dimensions', 'zeros'] as const).map(
    (kind): Fault => ({ kind }),
  ),
];
const name = (fault: Fault): string => Object.values(fault).join(' ');

describe.each([OPENAI, OTHER])('a provider of %s that lies', (model) => {
  it.each(USAGE_WAYS)('in its usage (%s): settled ≤ the bill ≤ settled + uncertain', async (says) => {
    sandbox.setFaults([{ fault: { kind: 'usage', says } }]);
    const bought = await buy(model);
    const { settled, most } = figures(bought);
    expect(bought.billed).toBeGreaterThan(0);
    expect(settled).toBeLessThanOrEqual(bought.billed);
    expect(most).toBeGreaterThanOrEqual(bought.billed);
    // Nothing that is not a safe integer reaches the store.
    for (const figure of [
      bought.settlement.tokens,
      bought.settlement.costNanos,
      bought.settlement.boundNanos,
    ])
      expect(figure === null || figure === undefined || Number.isSafeInteger(figure)).toBe(true);
  });

  it.each(BILLED.map((fault) => [name(fault), fault] as const))(
    'about what it did (%s): perhaps billed, at most its bound',
    async (_name, fault) => {
      sandbox.setFaults([{ fault }]);
      const bought = await buy(model);
      const { settled, most } = figures(bought);
      expect(bought.billed).toBeGreaterThan(0);
      expect(bought.settlement).toMatchObject({ status: 'uncertain', costNanos: null });
      expect(settled).toBeLessThanOrEqual(bought.billed);
      expect(most).toBeGreaterThanOrEqual(bought.billed);
    },
  );
});

it.each([400, 401, 402, 403, 404, 413, 422, 429])(
  '%i is given before any work: surely not billed',
  async (status) => {
    sandbox.setFaults([{ fault: { kind: 'status', status } }]);
    const { settlement, billed } = await buy(OPENAI);
    expect(billed).toBe(0);
    expect(settlement).toMatchObject({ status: 'failed', costNanos: 0, boundNanos: 0 });
  },
);

describe('a provider that charges 100 times its list price', () => {
  it.each(['exact', 'cost-text', 'byok', 'zeros-cost', 'tokens-few-cost'] as const)(
    'and says so (%s) is booked at what it says',
    async (says) => {
      sandbox.setPrice({ listed: PRICE, charged: 100 * PRICE });
      sandbox.setFaults([{ fault: { kind: 'usage', says } }]);
      const bought = await buy(OTHER);
      sandbox.setPrice({ listed: PRICE, charged: PRICE });
      expect(figures(bought)).toEqual({ settled: bought.billed, most: bought.billed });
    },
  );

  it('and says so in an answer that cannot be used is bound by what it says', async () => {
    sandbox.setPrice({ listed: PRICE, charged: 100 * PRICE });
    sandbox.setFaults([{ fault: { kind: 'zeros' } }]);
    const bought = await buy(OTHER);
    sandbox.setPrice({ listed: PRICE, charged: PRICE });
    expect(bought.settlement.status).toBe('uncertain');
    expect(figures(bought)).toEqual({ settled: 0, most: bought.billed });
  });

  it('is not used where the request says the highest price, once it lists what it charges', async () => {
    sandbox.setPrice({ listed: 100 * PRICE, charged: 100 * PRICE });
    sandbox.setFaults([]);
    const provider = createOpenRouter({ apiKey: 'sk-x', baseUrl: sandbox.baseUrl });
    const request = { model: OPENAI, dimensions: 4, texts: TEXTS, subject: 'samples 1–20' };
    const dear = provider.embed({ ...request, maxNanosPerToken: PRICE });
    await expect(dear).rejects.toMatchObject({
      type: 'Blocked',
      billed: 'no',
      message: expect.stringContaining('the price that the run was planned with'),
    });
    sandbox.setPrice({ listed: PRICE, charged: PRICE });
    await expect(provider.embed({ ...request, maxNanosPerToken: PRICE })).resolves.toBeDefined();
  });
});
