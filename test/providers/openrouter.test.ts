import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FailureType } from '../../src/contract/failure.js';
import { EmbeddingError } from '../../src/providers/errors/errors.js';
import { createOpenRouter } from '../../src/providers/openrouter.js';
import type { EmbedAnswer } from '../../src/providers/types.js';
import { type Behaviour, json, startServer } from './misbehaving-server.js';

const KEY = 'sk-or-v1-super-secret-0123456789';
let server: Awaited<ReturnType<typeof startServer>>;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const base64 = (...numbers: number[]) => Buffer.from(new Float32Array(numbers).buffer).toString('base64');
const good = {
  id: 'gen-1',
  data: [
    { index: 0, embedding: base64(1, 2, 3) },
    { index: 1, embedding: base64(4, 5, 6) },
  ],
  usage: { prompt_tokens: 9, total_tokens: 9, cost: 0.00000018 },
};

const provider = (timeoutMs?: number) =>
  createOpenRouter({ apiKey: KEY, baseUrl: server.baseUrl, ...(timeoutMs !== undefined && { timeoutMs }) });
const request = {
  model: 'openai/text-embedding-3-small',
  dimensions: 3,
  texts: ['a', 'b'],
  subject: 'samples 1–2',
};
const embed = (behaviour: Behaviour, timeoutMs?: number): Promise<EmbedAnswer> => {
  server.answer(behaviour);
  return provider(timeoutMs).embed(request);
};
const floats = (bytes: Uint8Array | null) => [...new Float32Array(Uint8Array.from(bytes ?? []).buffer)];

async function failure(promise: Promise<unknown>): Promise<EmbeddingError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(EmbeddingError);
  expect((error as Error).message).not.toContain('secret');
  return error as EmbeddingError;
}

describe('embed', () => {
  test('sends one request as documented and reads its answer', async () => {
    const answer = await embed(json(good));
    expect(answer.vectors.map(floats)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(answer).toMatchObject({ tokens: 9, costNanos: 180, providerId: 'gen-1', cached: false });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/embeddings',
      body: { model: request.model, input: ['a', 'b'], encoding_format: 'base64', dimensions: 3 },
      headers: {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        'x-title': 'sample-embeddings',
        'x-openrouter-cache': 'true',
      },
    });
  });

  test('sends byte-identical bodies for the same texts, so that the provider’s cache can answer', async () => {
    await embed(json(good));
    const first = server.received[0]?.body;
    await embed(json(good));
    expect(JSON.stringify(server.received[0]?.body)).toBe(JSON.stringify(first));
  });

  test('says when an answer has arrived, before it is read, and not of one that is refused', async () => {
    const told: string[] = [];
    const tell = (behaviour: Behaviour): Promise<unknown> => {
      server.answer(behaviour);
      return provider()
        .embed({ ...request, received: () => told.push('received') })
        .then(
          () => told.push('read'),
          () => told.push('failed'),
        );
    };
    await tell(json(good));
    await tell(json({ error: { code: 400, message: 'no' } }, {}, 400));
    await tell(json({ data: [] }));
    expect(told).toEqual(['received', 'read', 'failed', 'received', 'failed']);
  });

  test('takes plain numbers from a server that ignores encoding_format', async () => {
    const answer = await embed(json({ data: [{ embedding: [1, 2, 3] }, { embedding: [4, 5, 6] }] }));
    expect(answer.vectors.map(floats)[1]).toEqual([4, 5, 6]);
    expect(answer).toMatchObject({ tokens: null, costNanos: null, providerId: null });
  });

  test('places a permuted answer by its index', async () => {
    const answer = await embed(json({ ...good, data: good.data.toReversed() }));
    expect(answer.vectors.map(floats)[0]).toEqual([1, 2, 3]);
  });

  const none = { prompt_tokens: 0, total_tokens: 0 };
  test.each<[string, unknown, Record<string, string>, Partial<EmbedAnswer>]>([
    [
      'by its header',
      none,
      { 'x-openrouter-cache-status': 'HIT' },
      { cached: true, tokens: 0, costNanos: 0 },
    ],
    ['without usage', undefined, { 'x-openrouter-cache-status': 'hit' }, { cached: true, costNanos: 0 }],
    [
      'that states a cost, keeps it',
      good.usage,
      { 'x-openrouter-cache-status': 'HIT' },
      { cached: true, tokens: 9, costNanos: 180 },
    ],
    ['not by usage 0, which says nothing', none, {}, { cached: false, tokens: null, costNanos: null }],
    [
      'not by a cost of 0',
      { cost: 0 },
      { 'x-openrouter-cache-status': 'MISS' },
      { cached: false, costNanos: 0 },
    ],
  ])('a cache hit is told %s', async (_name, usage, headers, expected) => {
    expect(await embed(json({ ...good, usage }, headers))).toMatchObject(expected);
  });

  test('keeps the vectors that can be used, and names those that cannot', async () => {
    const data = [good.data[0], { index: 1, embedding: [0, 0, 0] }];
    const answer = await embed(json({ ...good, data }));
    expect(answer.vectors.map((vector) => vector && floats(vector))).toEqual([[1, 2, 3], null]);
    expect(answer).toMatchObject({ unusable: [{ index: 1, why: 'is all zeros' }], costNanos: 180 });
  });

  test('tells OpenRouter the highest price, in dollars a million tokens, only when one is given', async () => {
    server.answer(json(good));
    await provider().embed({ ...request, maxNanosPerToken: 20 });
    await provider().embed({ ...request, maxNanosPerToken: 0.3 });
    await provider().embed(request);
    const said = server.received.map(({ body }) => body?.provider);
    expect(said).toEqual([{ max_price: { prompt: 0.02 } }, { max_price: { prompt: 0.0003 } }, undefined]);
  });

  test.each<[string, number, unknown]>([
    ['OpenAI', 400, { error: { message: 'Unrecognized request argument supplied: provider' } }],
    ['FastAPI', 422, { detail: [{ loc: ['body', 'provider'], msg: 'Extra inputs are not permitted' }] }],
  ])(
    'a server that does not know `provider`, as %s says it, is asked without and never told again',
    async (_who, status, body) => {
      const openRouter = provider();
      server.answer((response, seen) =>
        json(
          seen.body?.provider === undefined ? good : body,
          {},
          seen.body?.provider ? status : 200,
        )(response, seen),
      );
      for (const _ of [1, 2]) await openRouter.embed({ ...request, maxNanosPerToken: 20 });
      expect(server.received.map(({ body: each }) => each?.provider !== undefined)).toEqual([
        true,
        false,
        false,
      ]);
    },
  );

  test.each(['Provider returned error: unknown field in the text', 'the provider has no such endpoint'])(
    'which is not seen in: %s',
    async (message) => {
      server.answer(json({ error: { message } }, {}, 400));
      await failure(provider().embed({ ...request, maxNanosPerToken: 20 }));
      expect(server.received).toHaveLength(1);
    },
  );

  test('nor in an echo, once the server has taken it', async () => {
    const openRouter = provider();
    server.answer(json(good));
    await openRouter.embed({ ...request, maxNanosPerToken: 20 });
    server.answer(json({ error: { message: 'bad text: unknown field "provider"' } }, {}, 400));
    await failure(openRouter.embed({ ...request, maxNanosPerToken: 20 }));
    expect(server.received).toHaveLength(1);
  });

  test('a refusal inside a 200 may have been billed: what it teaches is for the next attempt', async () => {
    const openRouter = provider();
    server.answer(json({ error: { code: 400, message: 'This model does not support dimensions' } }));
    const error = await failure(openRouter.embed(request));
    expect(error).toMatchObject({ type: FailureType.Transient, billed: 'maybe' });
    expect(server.received).toHaveLength(1);
    server.answer(json(good));
    await openRouter.embed(request);
    expect(server.received[0]?.body).not.toHaveProperty('dimensions');
  });

  /** The header of each request to a provider that answers badly in these ways, and then twice well. */
  const clears = async (...bad: Behaviour[]): Promise<unknown[]> => {
    const openRouter = provider();
    const said: unknown[] = [];
    const last = (): unknown => server.received.at(-1)?.headers['x-openrouter-cache-clear'];
    for (const behaviour of bad) {
      server.answer(behaviour);
      await failure(openRouter.embed(request));
      said.push(last());
    }
    server.answer(json(good));
    for (let time = 1; time <= 2; time++) {
      await openRouter.embed(request);
      said.push(last());
    }
    return said;
  };

  test('asks past the cache once an unusable answer came from it, or came twice', async () => {
    const bad = { data: [] };
    const hit = json(bad, { 'x-openrouter-cache-status': 'HIT' });
    expect(await clears(hit)).toEqual([undefined, 'true', undefined]);
    expect(await clears(json(bad), json(bad))).toEqual([undefined, undefined, 'true', undefined]);
  });

  test('does not ask past the cache after one bad answer of its own: an earlier, good one would be bought again', async () => {
    expect(await clears(json({ data: [] }))).toEqual([undefined, undefined, undefined]);
  });

  test('sends no key where there is none', async () => {
    server.answer(json(good));
    await createOpenRouter({ apiKey: null, baseUrl: server.baseUrl }).embed(request);
    expect(server.received[0]?.headers.authorization).toBeUndefined();
  });

  test('leaves ada-002 its only size', async () => {
    server.answer(json(good));
    await provider().embed({ ...request, model: 'openai/text-embedding-ada-002' });
    expect(server.received[0]?.body).not.toHaveProperty('dimensions');
  });
});

describe('faults of the provider', () => {
  const drip =
    (status: number): Behaviour =>
    (response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    };
  const flood: Behaviour = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const block = Buffer.alloc(2 ** 20, 0x20);
    const pour = (): void => {
      while (!response.destroyed && response.write(block));
      if (!response.destroyed) response.once('drain', pour);
    };
    pour();
  };
  const truncated: Behaviour = (response) => {
    const text = JSON.stringify(good);
    response
      .writeHead(200, { 'content-length': text.length })
      .write(text.slice(0, 50), () => response.destroy());
  };
  const { Transient, RateLimited, Rejected, Blocked, InvalidResponse } = FailureType;

  test.each<[string, Behaviour, Partial<EmbeddingError>, string]>([
    ['reset before the answer', (r) => r.destroy(), { type: Transient, billed: 'maybe' }, 'connection lost'],
    ['body that breaks off', truncated, { type: Transient, billed: 'maybe' }, 'connection lost'],
    [
      'truncated JSON',
      (r) => r.end('{"data":[{"ind'),
      { type: InvalidResponse, billed: 'maybe' },
      'not whole JSON',
    ],
    [
      'HTML',
      (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<p>hi'),
      { type: InvalidResponse },
      'text/html',
    ],
    ['204', (r) => r.writeHead(204).end(), { type: InvalidResponse }, 'not whole JSON'],
    [
      '302',
      (r) => r.writeHead(302, { location: '/x' }).end(),
      { type: Blocked, status: 302 },
      'redirect not followed',
    ],
    ['500 MB', flood, { type: InvalidResponse }, 'larger than 8388608 bytes'],
    [
      'error in a 200',
      json({ error: { code: 429, message: 'slow' } }, { 'retry-after': '2' }),
      { type: RateLimited, retryAfterMs: 2000, billed: 'maybe' },
      '429 Too Many Requests inside a 200: slow',
    ],
    [
      '429',
      json({}, { 'retry-after': '3' }, 429),
      { type: RateLimited, retryAfterMs: 3000 },
      '429 Too Many Requests',
    ],
    [
      '429 with a date',
      json({}, { 'retry-after': new Date(Date.now() + 86_400_000).toUTCString() }, 429),
      { type: RateLimited, retryAfterMs: 300_000 },
      '429',
    ],
    [
      '429 with garbage',
      json({}, { 'retry-after': 'later' }, 429),
      { type: RateLimited, retryAfterMs: null },
      '429',
    ],
    [
      '400',
      json({ error: { message: `bad input; key ${KEY}` } }, {}, 400),
      { type: Rejected, billed: 'no' },
      '400 Bad Request: bad input; key ***',
    ],
    ['401', json({ error: { message: 'No auth' } }, {}, 401), { type: Blocked }, 'openrouter.ai/keys'],
    [
      '502 of a proxy',
      (r) => r.writeHead(502, { 'content-type': 'text/html' }).end('<html><title>502 Bad Gateway</title>'),
      { type: Transient, status: 502, billed: 'maybe' },
      '(samples 1–2): 502 Bad Gateway',
    ],
    [
      '503 whose body breaks off',
      (r) => r.writeHead(503, { 'content-length': 99 }).write('x', () => r.destroy()),
      { type: Transient, status: 503 },
      '503',
    ],
    [
      'one fewer',
      json({ data: good.data.slice(1) }),
      { type: InvalidResponse },
      'got 1 vectors for 2 inputs',
    ],
    [
      'NaN and zeros',
      json({ ...good, data: [base64(1, Number.NaN, 2), [0, 0, 0]].map((embedding) => ({ embedding })) }),
      { type: InvalidResponse, billed: 'maybe', statedNanos: 180 },
      'each vector is unusable: the first holds a number that is not finite',
    ],
    [
      '403 of a firewall',
      (r) =>
        r.writeHead(403, { 'content-type': 'text/html' }).end('<html><title>Attention Required!</title>'),
      { type: Transient, status: 403, billed: 'maybe' },
      '403 Forbidden: Attention Required!; a firewall or proxy answered instead of the provider',
    ],
  ])('%s', async (_name, behaviour, expected, sentence) => {
    const error = await failure(embed(behaviour));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain('OpenRouter POST /embeddings (samples 1–2): ');
    expect(error.message).toContain(sentence);
    expect(server.received).toHaveLength(1);
  });

  test.each<[string, Behaviour]>([
    ['no answer at all', () => {}],
    ['an answer that drips', drip(200)],
    ['an error answer that drips', drip(500)],
  ])('%s ends at the deadline', async (_name, behaviour) => {
    const error = await failure(embed(behaviour, 100));
    expect(error).toMatchObject({ type: FailureType.Transient, billed: 'maybe', status: null });
    expect(error.message).toContain('no whole answer within 0.1 s');
  });

  test('a server that is not there', async () => {
    const gone = await startServer();
    await gone.close();
    const openRouter = createOpenRouter({ apiKey: KEY, baseUrl: gone.baseUrl });
    const calls = [() => openRouter.embed(request), () => openRouter.key(), () => openRouter.model('m')];
    for (const call of calls) {
      const error = await failure(call());
      expect(error).toMatchObject({ type: FailureType.Transient, billed: 'no' });
      expect(error.message).toContain('connection refused: check OPENROUTER_BASE_URL');
    }
  });

  test('a host name that does not exist', async () => {
    const error = await failure(
      createOpenRouter({ apiKey: KEY, baseUrl: 'https://nowhere.invalid/v1' }).embed(request),
    );
    expect(error).toMatchObject({ type: FailureType.Transient, billed: 'no' });
  });
});

describe('cancellation', () => {
  test.each<[string, Behaviour]>([
    ['before the answer', () => {}],
    ['within the body', (response) => void response.writeHead(200).write('{')],
  ])('%s rethrows the caller’s reason', async (_name, behaviour) => {
    const giving = new AbortController();
    const reason = new Error('run cancelled');
    server.answer((response, seen) => {
      behaviour(response, seen);
      setTimeout(() => giving.abort(reason), 20);
    });
    await expect(provider().embed({ ...request, signal: giving.signal })).rejects.toBe(reason);
  });

  test('beforehand sends nothing', async () => {
    server.answer(json(good));
    const reason = new Error('run cancelled');
    await expect(provider().embed({ ...request, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.received).toHaveLength(0);
  });
});

describe('model', () => {
  const list = {
    data: [
      { id: 'other/model', pricing: { prompt: '-1' } },
      { id: request.model, pricing: { prompt: '0.00000002' }, context_length: 8192 },
    ],
  };

  test('reads price and context from the list', async () => {
    server.answer(json(list));
    expect(await provider().model(request.model)).toEqual({
      id: request.model,
      nanosPerToken: 20,
      contextLength: 8192,
    });
    expect(server.received[0]).toMatchObject({ method: 'GET', path: '/api/v1/embeddings/models' });
  });

  test.each<[string, Behaviour, string]>([
    ['is on a server with an empty list', json({ data: [] }), request.model],
    ['has no firm price', json(list), 'other/model'],
    ['is on a server without a list', json({}, {}, 404), request.model],
    ['is on a server whose list has another form', json({ models: [] }), request.model],
    [
      'is behind a page',
      (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<p>hi'),
      request.model,
    ],
    ['is on a server that does not say: 400', json({}, {}, 400), request.model],
    ['is on a server that does not say: 403', json({}, {}, 403), request.model],
    ['is on a server that does not say: 405', json({}, {}, 405), request.model],
    ['is on a server that does not say: 501', json({}, {}, 501), request.model],
    ['is on a server that does not say: 503', json({}, {}, 503), request.model],
  ])('is null when it %s', async (_name, behaviour, id) => {
    server.answer(behaviour);
    expect(await provider().model(id)).toBeNull();
  });

  test('a model that the list does not have is refused, with those it has', async () => {
    server.answer(json(list));
    expect(await failure(provider().model('openai/nothing'))).toMatchObject({
      type: FailureType.Blocked,
      billed: 'no',
      message: expect.stringMatching(
        new RegExp(
          `^EMBEDDING_MODEL openai/nothing is not among the 2 embedding models .*: .*${request.model}`,
        ),
      ),
    });
  });

  test('is asked for with the key, and without one a guarded list shows nothing', async () => {
    const guarded: Behaviour = (response, seen) =>
      (seen.headers.authorization === undefined ? json({}, {}, 401) : json(list))(response, seen);
    server.answer(guarded);
    expect(await provider().model(request.model)).toMatchObject({ nanosPerToken: 20 });
    const keyless = createOpenRouter({ apiKey: null, baseUrl: server.baseUrl });
    expect(await keyless.model(request.model)).toBeNull();
  });

  test('a key that is refused there is named', async () => {
    server.answer(json({}, {}, 401));
    const error = await failure(provider().model(request.model));
    expect(error.message).toMatch(/^OPENROUTER_API_KEY was refused by/);
  });
});

describe('key', () => {
  test.each<[string, Behaviour, boolean, number | null]>([
    ['a limit', json({ data: { limit: 10, limit_remaining: 7.5 } }), true, 7.5],
    ['no limit', json({ data: { limit: null, limit_remaining: null } }), true, null],
    ['an answer without data', json({}), false, null],
    ['a page', (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<p>hi'), false, null],
    ['400', json({}, {}, 400), false, null],
    ['403', json({ error: { message: 'Forbidden' } }, {}, 403), false, null],
    ['a server without the address', json({}, {}, 404), false, null],
    ['405', json({}, {}, 405), false, null],
    ['501', json({}, {}, 501), false, null],
    ['503', json({}, {}, 503), false, null],
  ])('%s', async (_name, behaviour, checked, limitRemainingUsd) => {
    server.answer(behaviour);
    expect(await provider().key()).toEqual({ checked, limitRemainingUsd });
    expect(server.received[0]).toMatchObject({
      path: '/api/v1/key',
      headers: { authorization: `Bearer ${KEY}` },
    });
  });

  test('a key refused with 401 blocks, and the sentence has the cure', async () => {
    server.answer(json({ error: { message: 'User not found.', code: 401 } }, {}, 401));
    const error = await failure(provider().key());
    expect(error).toMatchObject({ type: FailureType.Blocked, status: 401, billed: 'no' });
    expect(error.message).toMatch(
      /^OPENROUTER_API_KEY was refused by 127\.0\.0\.1:\d+ \(401\): make a new key at openrouter.ai\/keys$/,
    );
  });

  test('a question that meets a 429 is worth asking again', async () => {
    server.answer(json({}, { 'retry-after': '2' }, 429));
    expect(await failure(provider().key())).toMatchObject({ type: FailureType.Transient });
  });

  test('a missing key is called missing', async () => {
    server.answer(json({}, {}, 401));
    const error = await failure(createOpenRouter({ apiKey: null, baseUrl: server.baseUrl }).key());
    expect(error.message).toContain('OPENROUTER_API_KEY is not set');
  });
});

test('refuses to show a key to the network', () => {
  expect(() => createOpenRouter({ apiKey: KEY, baseUrl: 'http://openrouter.ai/api/v1' })).toThrow(
    /use https/,
  );
});
