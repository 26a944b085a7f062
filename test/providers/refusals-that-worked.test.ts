import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FailureType } from '../../src/contract/failure.js';
import { settlementOf } from '../../src/domain/settlement.js';
import type { Attempt, Settlement } from '../../src/engines/types.js';
import { EmbeddingError } from '../../src/providers/errors/errors.js';
import { createOpenRouter } from '../../src/providers/openrouter.js';
import { type Behaviour, json, startServer } from './misbehaving-server.js';

let server: Awaited<ReturnType<typeof startServer>>;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const attempt: Attempt = {
  requestId: 'r',
  runId: 'run',
  batchId: 'b',
  model: 'm',
  operation: 'embeddings',
  boundNanos: 1000,
  hashes: [],
};
/** 60 vectors of 1,536 numbers are 500 KB, and `usage` stands behind them. */
const TEXTS = Array.from({ length: 60 }, (_, index) => `Title: Dusty Loop ${index}`);
const DIMENSIONS = 1536;
const numbers = Buffer.from(new Float32Array(DIMENSIONS).fill(0.5).buffer).toString('base64');
const data = TEXTS.map((_, index) => ({ index, embedding: numbers }));
const usage = { prompt_tokens: 500, total_tokens: 500, cost: 0.000005 };
const error = { code: 400, message: 'no' };

async function refused(behaviour: Behaviour): Promise<EmbeddingError & { settlement: Settlement }> {
  server.answer(behaviour);
  const provider = createOpenRouter({ apiKey: 'sk-x', baseUrl: server.baseUrl });
  const request = { model: 'm', dimensions: DIMENSIONS, texts: TEXTS, subject: 'samples 1–60' };
  const thrown = await provider.embed(request).catch((each: unknown) => each);
  expect(thrown).toBeInstanceOf(EmbeddingError);
  return Object.assign(thrown as EmbeddingError, {
    settlement: settlementOf(attempt, thrown as EmbeddingError),
  });
}

const STATUSES = [400, 401, 402, 403, 404, 413, 422, 429];

describe.each(STATUSES)('a %i', (status) => {
  it.each<[string, unknown]>([
    ['the whole answer', { object: 'list', data, usage }],
    ['usage beside its error', { error, usage }],
    ['usage inside its error', { error: { ...error, usage } }],
    ['usage in its error’s metadata', { error: { ...error, metadata: { usage } } }],
  ])('with %s may have been billed: uncertain at the cost it states, above its bound', async (_, body) => {
    const { settlement } = await refused(json(body, {}, status));
    expect(settlement).toMatchObject({ status: 'uncertain', costNanos: null, boundNanos: 5000 });
  });

  it.each<[string, unknown]>([
    ['vectors', { data }],
    ['tokens alone', { error, usage: { prompt_tokens: 500 } }],
    ['a cost below its bound', { error, usage: { cost: 1e-9 } }],
  ])('with %s may have been billed: uncertain at its bound', async (_, body) => {
    const { settlement } = await refused(json(body, {}, status));
    expect({ boundNanos: attempt.boundNanos, ...settlement }).toMatchObject({
      status: 'uncertain',
      boundNanos: 1000,
    });
  });

  it.each<[string, unknown]>([
    ['an error alone', { error }],
    ['zeros for usage', { error, usage: { prompt_tokens: 0, total_tokens: 0, cost: 0 } }],
    ['no data', { error, data: [], usage: null }],
    ['a form of its own', { errorCode: 'NO' }],
    ['FastAPI’s form', { detail: [{ msg: 'no' }] }],
  ])('with %s is surely not billed', async (_, body) => {
    const { settlement } = await refused(json(body, {}, status));
    expect(settlement).toMatchObject({ status: 'failed', costNanos: 0, boundNanos: 0 });
  });

  const page =
    (body: string, type: string): Behaviour =>
    (response) =>
      response.writeHead(status, { 'content-type': type }).end(body);
  it.each<[string, Behaviour]>([
    ['a page', page('<html><title>Blocked</title></html>', 'text/html')],
    ['plain text', page('no', 'text/plain')],
    ['nothing', page('', 'application/json')],
    ['half an error', page('{"error":{"message":"n', 'application/json')],
  ])('with %s may be a proxy’s own, after the work was done: uncertain', async (_, behaviour) => {
    expect((await refused(behaviour)).settlement).toMatchObject({ status: 'uncertain', costNanos: null });
  });
});

it('an error inside a 200 that states a cost above its bound is bound by that', async () => {
  const { settlement } = await refused(json({ error, data, usage }));
  expect(settlement).toMatchObject({ status: 'uncertain', boundNanos: 5000 });
});

it('what becomes of a refusal is not changed by what it shows of work', async () => {
  expect((await refused(json({ data, usage }, {}, 402))).type).toBe(FailureType.Blocked);
  expect((await refused(json({ data, usage }, {}, 429))).type).toBe(FailureType.RateLimited);
  expect((await refused(json({ data, usage }, {}, 413))).type).toBe(FailureType.Rejected);
});

it('a byte order mark before the JSON of an answer, or of an error, is no part of it', async () => {
  const marked =
    (status: number, body: unknown): Behaviour =>
    (response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(`\ufeff${JSON.stringify(body)}`);
  server.answer(marked(200, { data, usage }));
  const provider = createOpenRouter({ apiKey: 'sk-x', baseUrl: server.baseUrl });
  const request = { model: 'm', dimensions: DIMENSIONS, texts: TEXTS, subject: 'samples 1–60' };
  expect(await provider.embed(request)).toMatchObject({ costNanos: 5000, unusable: [] });
  expect(await refused(marked(400, { error }))).toMatchObject({ billed: 'no', type: FailureType.Rejected });
});
