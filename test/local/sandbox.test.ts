import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type FaultRule,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
  USAGE_WAYS,
} from '../../src/local/sandbox-openrouter/index.js';
import { createLexicalVectors } from '../../src/local/sandbox-openrouter/lexical-vectors.js';
import { createResponseCache } from '../../src/local/sandbox-openrouter/response-cache.js';

const MODEL = 'openai/text-embedding-3-small';
const open: Sandbox[] = [];
const dirs: string[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.stop()));
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

async function sandboxWith(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  open.push(sandbox);
  return sandbox;
}
const withFault = (...faults: FaultRule[]): Promise<Sandbox> => sandboxWith({ faults });
function tempFile(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'sandbox-'));
  dirs.push(dir);
  return join(dir, name);
}
const client = ({ baseUrl }: Sandbox): OpenAI =>
  new OpenAI({ baseURL: baseUrl, apiKey: 'sk-test', maxRetries: 0 });

interface Body {
  model?: string;
  input?: unknown;
  dimensions?: unknown;
  encoding_format?: string;
}
const post = (
  { baseUrl }: Sandbox,
  body: Body | string,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${baseUrl}/embeddings`, {
    method: 'POST',
    redirect: 'manual',
    headers: { authorization: 'Bearer sk-test', 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify({ model: MODEL, dimensions: 8, ...body }),
  });

interface Answer {
  model: string;
  data: { index: number; embedding: number[] | string }[];
  usage?: { prompt_tokens: number; total_tokens: number; cost: number };
  error?: { code: number; message: string };
}
const answerOf = async (response: Response): Promise<Answer> => (await response.json()) as Answer;
const ask = async (sandbox: Sandbox, ...input: string[]): Promise<Answer> =>
  answerOf(await post(sandbox, { input }));
const cosine = (a: number[] = [], b: number[] = []): number => {
  const dot = (x: number[], y: number[]): number => x.reduce((sum, v, i) => sum + v * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};
const tokensOf = (...texts: string[]): number => texts.reduce((sum, text) => sum + countTokens(text), 0);

describe('vectors', () => {
  it('reach the openai client, in base64 and as floats alike', async () => {
    const sandbox = await sandboxWith();
    const input = ['dark moody hip hop', 'bright piano'];
    const base64 = await client(sandbox).embeddings.create({ model: MODEL, input, dimensions: 64 });
    const floats = await client(sandbox).embeddings.create({
      model: MODEL,
      input,
      dimensions: 64,
      encoding_format: 'float',
    });
    expect(base64.data.map(({ index, embedding }) => [index, embedding.length])).toEqual([
      [0, 64],
      [1, 64],
    ]);
    expect(floats.data.map((item) => item.embedding)).toEqual(
      base64.data.map((item) => Array.from(item.embedding)),
    );
    expect(base64.model).toBe(MODEL);
  });

  it.each([1, 8, 256, 1536, 3072])('have the %d dimensions asked for', async (dimensions) => {
    const answer = await answerOf(await post(await sandboxWith(), { input: 'kick', dimensions }));
    expect(answer.data[0]?.embedding).toHaveLength(dimensions);
  });

  it('have 1,536 dimensions when none are asked for', async () => {
    const sandbox = await sandboxWith();
    const answer = await answerOf(await post(sandbox, JSON.stringify({ model: MODEL, input: 'kick' })));
    expect(answer.data[0]?.embedding).toHaveLength(1536);
  });

  it('are base64 of little-endian float32 on the wire', async () => {
    const sandbox = await sandboxWith();
    const floats = await ask(sandbox, 'kick');
    const packed = await answerOf(await post(sandbox, { input: ['kick'], encoding_format: 'base64' }));
    const bytes = Buffer.from(packed.data[0]?.embedding as string, 'base64');
    const read = Array.from({ length: 8 }, (_, index) => bytes.readFloatLE(4 * index));
    expect(bytes).toHaveLength(32);
    expect(read).toEqual(floats.data[0]?.embedding);
  });

  it.each(['lexical', 'cheap'] as const)('are deterministic and not zero (%s)', async (vectors) => {
    const [one, two] = await Promise.all([sandboxWith({ vectors }), sandboxWith({ vectors })]);
    const texts = ['kick', 'snare', '!!!', 'Größe'];
    const a = await ask(one, ...texts);
    expect((await ask(two, ...texts)).data).toEqual(a.data);
    for (const { embedding } of a.data) expect(Math.hypot(...(embedding as number[]))).toBeGreaterThan(0.1);
    expect(a.data[0]?.embedding).not.toEqual(a.data[1]?.embedding);
  });

  it.each([64, 1000, 1536])(
    'of %d numbers are as long as 1, and hardly one is 0: their signs tell',
    async (dimensions) => {
      const { data } = await answerOf(
        await post(await sandboxWith(), { input: ['warm jazz', 'kick'], dimensions }),
      );
      for (const { embedding } of data) {
        expect(Math.hypot(...(embedding as number[]))).toBeCloseTo(1, 5);
        const zeros = (embedding as number[]).filter((number) => Math.abs(number) < 1e-9);
        expect(zeros.length).toBeLessThan(dimensions / 4);
      }
    },
  );

  it('have no zero with a sign, of which JSON does not tell', () => {
    const vectorOf = createLexicalVectors(1536);
    for (const text of ['kick', 'warm jazz', 'dark moody hip hop', '!!!'])
      expect([...vectorOf(text)].some((number) => Object.is(number, -0))).toBe(false);
  });

  it('of texts that share words lie nearer than others', async () => {
    const sandbox = await sandboxWith();
    const input = ['dark moody hip hop drums', 'moody hip hop loop', 'bright orchestral strings'];
    const { data } = await answerOf(await post(sandbox, { input, dimensions: 1536 }));
    const [query, near, far] = data.map(({ embedding }) => embedding as number[]);
    expect(cosine(query, near)).toBeGreaterThan(cosine(query, far) + 0.2);
  });
});

describe('the bill', () => {
  it('has exact tokens, and their price in US dollars', async () => {
    const sandbox = await sandboxWith();
    const texts = ['Title: Dusty Kick', 'Größe 日本語', '<|endoftext|> is a text'];
    const tokens = texts.reduce((sum, text) => sum + countTokens(text, { disallowedSpecial: new Set() }), 0);
    const { usage } = await ask(sandbox, ...texts);
    expect(usage).toEqual({ prompt_tokens: tokens, total_tokens: tokens, cost: (tokens * 20) / 1e9 });
    expect(sandbox.bill()).toMatchObject({
      requests: 1,
      inputs: 3,
      tokens,
      costNanos: tokens * 20,
      boughtTwice: 0,
      entries: [{ status: 200, inputs: 3, tokens, costNanos: tokens * 20, cached: false }],
    });
  });

  it('may estimate for benches', async () => {
    const { usage } = await ask(await sandboxWith({ tokens: 'estimate' }), 'abcde');
    expect(usage?.prompt_tokens).toBe(2);
  });

  it('counts what is bought twice, each further time, by model and text', async () => {
    const sandbox = await sandboxWith();
    await ask(sandbox, 'kick', 'kick');
    await ask(sandbox, 'kick', 'snare');
    await post(sandbox, { model: 'other', input: ['kick'] });
    expect(sandbox.bill()).toMatchObject({ requests: 3, inputs: 5, boughtTwice: 2 });
  });

  it('leaves a repeat that asks for the cache free, and says HIT', async () => {
    const sandbox = await sandboxWith();
    const cache = { 'x-openrouter-cache': 'true' };
    const first = await post(sandbox, { input: ['kick'] }, cache);
    const again = await post(sandbox, { input: ['kick'] }, cache);
    const status = (response: Response) => response.headers.get('x-openrouter-cache-status');
    expect([status(first), status(again)]).toEqual(['MISS', 'HIT']);
    const [bought, free] = [await answerOf(first), await answerOf(again)];
    expect(free.data).toEqual(bought.data);
    expect(free.usage).toEqual({ prompt_tokens: 0, total_tokens: 0, cost: 0 });
    const tokens = tokensOf('kick');
    expect(sandbox.bill()).toMatchObject({ requests: 2, inputs: 1, tokens, boughtTwice: 0 });
    expect(sandbox.bill().entries.map(({ cached }) => cached)).toEqual([false, true]);

    expect(status(await post(sandbox, { input: ['snare'] }, cache))).toBe('MISS');
    const clear = await post(sandbox, { input: ['kick'] }, { ...cache, 'x-openrouter-cache-clear': 'true' });
    expect(status(clear)).toBe('MISS');
    expect(sandbox.bill()).toMatchObject({ inputs: 3, boughtTwice: 1 });
    expect(status(await post(sandbox, { input: ['kick'] }, cache))).toBe('HIT');
  });

  it.each([
    ['300 s when no time is given', undefined, 300],
    ['the seconds asked for', '1200', 1200],
    ['a day at most', '999999999', 86_400],
    ['300 s for what is no time', 'soon', 300],
  ])('keeps an answer for %s, hits not renewing it, also over a restart', async (_name, ttl, seconds) => {
    const clock = { ms: 1_800_000_000_000 };
    const billFile = tempFile('bill.jsonl');
    const options = { billFile, now: () => clock.ms };
    const headers = { 'x-openrouter-cache': 'true', ...(ttl && { 'x-openrouter-cache-ttl': ttl }) };
    const statusOf = async (sandbox: Sandbox) =>
      (await post(sandbox, { input: ['kick'] }, headers)).headers.get('x-openrouter-cache-status');
    const first = await sandboxWith(options);
    expect(await statusOf(first)).toBe('MISS');
    clock.ms += seconds * 1000 - 1;
    expect(await statusOf(first)).toBe('HIT');
    const second = await sandboxWith(options);
    expect(await statusOf(second)).toBe('HIT');
    clock.ms += 1;
    expect([await statusOf(first), await statusOf(await sandboxWith(options))]).toEqual(['MISS', 'HIT']);
    expect(first.bill()).toMatchObject({ inputs: 2, boughtTwice: 1 });
  });

  it('keeps the answers of a long run, so that a batch that is sent again late is free', async () => {
    const sandbox = await sandboxWith();
    const statusOf = async (input: string) =>
      (await post(sandbox, { input }, { 'x-openrouter-cache': 'true' })).headers.get(
        'x-openrouter-cache-status',
      );
    for (let n = 0; n < 400; n++) expect(await statusOf(`s${n}`)).toBe('MISS');
    expect(await statusOf('s0')).toBe('HIT');
  });

  it('forgets the oldest answer when it keeps as many as it may', () => {
    const cache = createResponseCache([], () => 0, 2);
    for (const key of ['a', 'b', 'c']) cache.keep(key, 1);
    expect(['a', 'b', 'c'].map((key) => cache.has(key))).toEqual([false, true, true]);
  });

  it('caches nothing for who does not ask for it', async () => {
    const sandbox = await sandboxWith();
    await post(sandbox, { input: ['kick'] });
    const later = await post(sandbox, { input: ['kick'] }, { 'x-openrouter-cache': 'true' });
    expect(later.headers.get('x-openrouter-cache-status')).toBe('MISS');
    expect(sandbox.bill().boughtTwice).toBe(1);
  });

  it('survives a restart, also with a half written last line', async () => {
    const billFile = tempFile('bill.jsonl');
    const first = await sandboxWith({ billFile });
    await ask(first, 'kick', 'snare');
    const before = first.bill();
    await first.stop();
    open.splice(0);

    // Cut where the line looks whole: only the last brace and the line end are missing.
    const whole = readFileSync(billFile, 'utf8');
    appendFileSync(billFile, whole.slice(0, -2));
    const second = await sandboxWith({ billFile });
    expect(second.bill()).toEqual(before);
    await ask(second, 'kick', 'hat');
    await second.stop();
    open.splice(0);

    const third = await sandboxWith({ billFile });
    expect(third.bill()).toEqual(second.bill());
    expect(third.bill()).toMatchObject({ requests: 2, inputs: 4, boughtTwice: 1 });
  });

  it('takes a file that is empty or ends in rubbish', async () => {
    const billFile = tempFile('bill.jsonl');
    writeFileSync(billFile, '');
    expect((await sandboxWith({ billFile })).bill().requests).toBe(0);
    writeFileSync(billFile, '{"keys":["a"');
    expect((await sandboxWith({ billFile })).bill().requests).toBe(0);
  });
});

describe('refusals', () => {
  it('401 without a key or with another than the one given', async () => {
    const sandbox = await sandboxWith({ key: 'sk-only' });
    const response = await fetch(`${sandbox.baseUrl}/embeddings`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
    expect((await answerOf(response)).error).toEqual({ code: 401, message: 'No auth credentials found' });
    expect((await post(sandbox, { input: 'a' })).status).toBe(401);
    expect((await fetch(`${sandbox.baseUrl}/key`)).status).toBe(401);
    const right = await post(sandbox, { input: 'a' }, { authorization: 'Bearer sk-only' });
    expect(right.status).toBe(200);
    expect(sandbox.bill().requests).toBe(1);
    await expect(client(sandbox).embeddings.create({ model: MODEL, input: 'a' })).rejects.toThrow(
      OpenAI.AuthenticationError,
    );
  });

  it.each<[string, Body | string, string]>([
    ['no JSON', '{', 'not JSON'],
    ['null', 'null', 'not JSON'],
    ['no input', {}, 'input'],
    ['an empty list', { input: [] }, 'input'],
    ['an empty text', { input: ['a', ''] }, 'input'],
    ['a text that is none', { input: ['a', 1] }, 'input'],
    ['no model', { input: 'a', model: '' }, 'model'],
    ['no dimensions', { input: 'a', dimensions: 0 }, 'dimensions'],
    ['broken dimensions', { input: 'a', dimensions: 1.5 }, 'dimensions'],
    ['endless dimensions', { input: 'a', dimensions: 1e12 }, 'dimensions'],
    ['2,049 inputs', { input: Array.from({ length: 2049 }, () => 'a') }, '2048 inputs'],
    ['a text of over 8,192 tokens', { input: 'kick '.repeat(8193) }, '8192 tokens'],
    [
      'over 300,000 tokens together',
      { input: Array.from({ length: 38 }, () => 'kick '.repeat(8000)) },
      '300000 tokens',
    ],
  ])('400 for %s, unbilled', async (_name, body, message) => {
    const sandbox = await sandboxWith();
    const response = await post(sandbox, body);
    expect(response.status).toBe(400);
    expect((await answerOf(response)).error?.message).toContain(message);
    expect(sandbox.bill()).toMatchObject({ requests: 1, inputs: 0, tokens: 0, costNanos: 0 });
  });

  it('takes exactly 2,048 inputs', async () => {
    const sandbox = await sandboxWith();
    const response = await post(sandbox, { input: Array.from({ length: 2048 }, (_, n) => `s${n}`) });
    expect((await answerOf(response)).data).toHaveLength(2048);
  });

  it('404 elsewhere', async () => {
    const { baseUrl } = await sandboxWith();
    const headers = { authorization: 'Bearer k' };
    expect((await fetch(`${baseUrl}/nowhere`, { headers })).status).toBe(404);
    expect((await fetch(`${baseUrl}/embeddings`, { headers })).status).toBe(404);
  });
});

describe('other routes', () => {
  it('tell models with their price, and the key', async () => {
    const { baseUrl } = await sandboxWith();
    const models = await (await fetch(`${baseUrl}/embeddings/models`)).json();
    expect(models).toMatchObject({ data: [{ id: MODEL, pricing: { prompt: '0.00000002' } }] });
    const key = await fetch(`${baseUrl}/key`, { headers: { authorization: 'Bearer k' } });
    expect(await key.json()).toMatchObject({ data: { limit_remaining: null } });
  });

  it('may guard the list of models, and list another price than is charged', async () => {
    const sandbox = await sandboxWith({ guardedModels: true, price: { listed: 20, charged: 2000 } });
    const list = (headers: Record<string, string>) =>
      fetch(`${sandbox.baseUrl}/embeddings/models`, { headers });
    expect((await list({})).status).toBe(401);
    const models = await (await list({ authorization: 'Bearer k' })).json();
    expect(models).toMatchObject({ data: [{ pricing: { prompt: '0.00000002' } }] });
    const { usage } = await ask(sandbox, 'a');
    expect(usage?.cost).toBe((tokensOf('a') * 2000) / 1e9);
    expect(sandbox.bill().costNanos).toBe(tokensOf('a') * 2000);
    const within = async (prompt: number): Promise<number> => {
      const body = { model: MODEL, input: 'a', provider: { max_price: { prompt } } };
      return (await post(sandbox, JSON.stringify(body))).status;
    };
    expect([await within(0.02), await within(0.01)]).toEqual([200, 404]);
  });

  it('/__bill and /__faults let another process look and switch', async () => {
    const sandbox = await sandboxWith();
    const at = (path: string): URL => new URL(path, sandbox.baseUrl);
    const rules: FaultRule[] = [{ fault: { kind: 'status', status: 503 }, times: 1 }];
    const set = (body: string) => fetch(at('/__faults'), { method: 'POST', body });
    expect((await set(JSON.stringify(rules))).status).toBe(200);
    expect((await post(sandbox, { input: 'a' })).status).toBe(503);
    expect((await post(sandbox, { input: 'a' })).status).toBe(200);
    const tokens = tokensOf('a');
    expect(await (await fetch(at('/__bill'))).json()).toEqual({
      requests: 2,
      inputs: 1,
      tokens,
      costNanos: tokens * 20,
      boughtTwice: 0,
    });
    for (const bad of [
      '',
      '{',
      '{}',
      'null',
      '[null]',
      '[{}]',
      '[{"fault":{"kind":"status"}}]',
      '[{"fault":{"kind":"usage"}}]',
    ])
      expect([bad, (await set(bad)).status]).toEqual([bad, 400]);
    const misspelt = await answerOf(await set('[{"fault":{"kind":"time-out"}}]'));
    expect(misspelt.error?.message).toMatch(/^fault\.kind must be one of status, .* got "time-out"$/);
    expect((await post(sandbox, { input: 'a' })).status).toBe(200);
  });
});

describe('faults', () => {
  type OfMore = 'status' | 'error-in-200' | 'slow' | 'usage' | 'spoilt';
  const kinds = (kind: Exclude<FaultRule['fault']['kind'], OfMore>) => withFault({ fault: { kind } });

  it.each([
    ['html', 200],
    ['redirect', 302],
    ['huge', 200],
    ['reset', 0],
  ] as const)('%s stands on the bill as a request with status %d that cost nothing', async (kind, status) => {
    const sandbox = await kinds(kind);
    await post(sandbox, { input: 'a' }).then(
      (response) => response.body?.cancel(),
      () => undefined,
    );
    expect(sandbox.bill()).toMatchObject({ requests: 1, inputs: 0, costNanos: 0, entries: [{ status }] });
  });

  it('status: refuses, with retry-after and message, unbilled', async () => {
    const sandbox = await withFault(
      { fault: { kind: 'status', status: 429, retryAfter: '7', message: 'slow down' }, times: 1 },
      { fault: { kind: 'status', status: 502 } },
    );
    const first = await post(sandbox, { input: 'a' });
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await answerOf(first)).error).toEqual({ code: 429, message: 'slow down' });
    const second = await post(sandbox, { input: 'a' });
    expect([second.status, second.headers.get('retry-after')]).toEqual([502, null]);
    expect(sandbox.bill()).toMatchObject({ requests: 2, inputs: 0, costNanos: 0 });
  });

  it('error-in-200: an error where the answer should be', async () => {
    const sandbox = await withFault({ fault: { kind: 'error-in-200', code: 524, message: 'late' } });
    const response = await post(sandbox, { input: 'a' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ error: { code: 524, message: 'late' } });
    expect(sandbox.bill().inputs).toBe(0);
  });

  it('html: a page with status 200', async () => {
    const response = await post(await kinds('html'), { input: 'a' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(await response.text()).toContain('<html>');
  });

  it('redirect: elsewhere', async () => {
    const response = await post(await kinds('redirect'), { input: 'a' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/elsewhere']);
  });

  it('truncated: half an answer, billed', async () => {
    const sandbox = await kinds('truncated');
    const text = await (await post(sandbox, { input: 'a' })).text();
    expect(text).toMatch(/^\{"object":"list"/);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(sandbox.bill().inputs).toBe(1);
  });

  it.each([
    ['fewer', [1, 2]],
    ['more', [0, 1, 2, 3]],
    ['duplicate-index', [0, 0, 0]],
    ['permuted', [2, 1, 0]],
  ] as const)('%s: indices %j', async (kind, indices) => {
    const { data } = await ask(await kinds(kind), 'a', 'b', 'c');
    expect(data.map(({ index }) => index)).toEqual(indices);
  });

  it('permuted: each vector still has its own index', async () => {
    const right = await ask(await sandboxWith(), 'a', 'b');
    const { data } = await ask(await kinds('permuted'), 'a', 'b');
    expect([...data].reverse()).toEqual(right.data);
  });

  it('wrong-dimensions: one less, in both formats', async () => {
    const sandbox = await kinds('wrong-dimensions');
    expect((await ask(sandbox, 'a')).data[0]?.embedding).toHaveLength(7);
    const packed = await answerOf(await post(sandbox, { input: 'a', encoding_format: 'base64' }));
    expect(Buffer.from(packed.data[0]?.embedding as string, 'base64')).toHaveLength(28);
  });

  it('nan: a null among floats, whatever was asked for', async () => {
    const response = await post(await kinds('nan'), { input: 'a', encoding_format: 'base64' });
    const [first] = (await answerOf(response)).data;
    expect(first?.embedding).toHaveLength(8);
    expect(first?.embedding[0]).toBeNull();
  });

  it('floats: floats where base64 was asked for', async () => {
    const response = await post(await kinds('floats'), { input: 'a', encoding_format: 'base64' });
    expect((await answerOf(response)).data[0]?.embedding).toEqual(
      (await ask(await sandboxWith(), 'a')).data[0]?.embedding,
    );
  });

  it('zeros: vectors of nothing', async () => {
    const { data } = await ask(await kinds('zeros'), 'a');
    expect(data[0]?.embedding).toEqual(new Array(8).fill(0));
  });

  it('no-usage: nothing said of tokens and cost, but billed', async () => {
    const sandbox = await kinds('no-usage');
    expect(await ask(sandbox, 'a')).not.toHaveProperty('usage');
    expect(sandbox.bill()).toMatchObject({ inputs: 1, tokens: tokensOf('a') });
  });

  it.each(USAGE_WAYS)('usage: said as `%s`, and the bill has the truth', async (says) => {
    const sandbox = await withFault({ fault: { kind: 'usage', says } });
    const text = 'a moody loop';
    const said = (await ask(sandbox, text)).usage;
    const tokens = tokensOf(text);
    const right = { prompt_tokens: tokens, total_tokens: tokens, cost: (tokens * 20) / 1e9 };
    if (says === 'exact') expect(said).toEqual(right);
    else expect(said).not.toEqual(right);
    expect(sandbox.bill()).toMatchObject({ tokens, costNanos: tokens * 20 });
  });

  it.each(['nan', 'zeros', 'null', 'wrong-dimensions'] as const)(
    'spoilt: %s, only where the text is meant',
    async (how) => {
      const sandbox = await withFault({ fault: { kind: 'spoilt', how }, contains: 'cursed' });
      const { data } = await ask(sandbox, 'a', 'a cursed b', 'c');
      const good = (embedding: unknown): boolean =>
        Array.isArray(embedding) &&
        embedding.length === 8 &&
        embedding.every((value) => typeof value === 'number');
      const sound = data.map(
        ({ embedding }) => good(embedding) && (embedding as number[]).some((value) => value !== 0),
      );
      expect(sound).toEqual([true, false, true]);
    },
  );

  it('status and error-in-200 after the work was done: billed, and the bill says which', async () => {
    const sandbox = await withFault(
      { fault: { kind: 'status', status: 502, page: true, billed: true }, times: 1 },
      { fault: { kind: 'error-in-200', code: 'insufficient_quota', billed: true }, times: 1 },
    );
    const page = await post(sandbox, { input: 'a' });
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect((await ask(sandbox, 'b')).error).toMatchObject({ code: 'insufficient_quota' });
    const { entries, inputs } = sandbox.bill();
    expect([inputs, ...entries.map(({ status }) => status)]).toEqual([2, 502, 200]);
  });

  it('status: with a code, a type and headers of its own', async () => {
    const fault = {
      kind: 'status',
      status: 429,
      code: 'x',
      type: 'y',
      headers: { 'x-ratelimit-reset': '9' },
    } as const;
    const response = await post(await withFault({ fault }), { input: 'a' });
    expect(response.headers.get('x-ratelimit-reset')).toBe('9');
    expect((await answerOf(response)).error).toMatchObject({ code: 'x', type: 'y' });
  });

  it('reset: the connection breaks, unbilled', async () => {
    const sandbox = await kinds('reset');
    await expect(post(sandbox, { input: 'a' })).rejects.toThrow('fetch failed');
    expect(sandbox.bill()).toMatchObject({ inputs: 0, costNanos: 0 });
    await expect(client(sandbox).embeddings.create({ model: MODEL, input: 'a' })).rejects.toThrow(
      OpenAI.APIConnectionError,
    );
  });

  it('reset-after-billing: the connection breaks, billed', async () => {
    const sandbox = await withFault({ fault: { kind: 'reset-after-billing' }, times: 1 });
    await expect(post(sandbox, { input: 'a' })).rejects.toThrow('fetch failed');
    expect(sandbox.bill()).toMatchObject({ requests: 1, inputs: 1, tokens: tokensOf('a') });
    const cache = { 'x-openrouter-cache': 'true' };
    sandbox.setFaults([{ fault: { kind: 'reset-after-billing' }, times: 1 }]);
    await expect(post(sandbox, { input: 'b' }, cache)).rejects.toThrow('fetch failed');
    const again = await post(sandbox, { input: 'b' }, cache);
    expect(again.headers.get('x-openrouter-cache-status')).toBe('HIT');
    expect(sandbox.bill()).toMatchObject({ inputs: 2, boughtTwice: 0 });
  });

  it('drip: blanks without an end', async () => {
    const response = await post(await kinds('drip'), { input: 'a' });
    const reader = response.body?.getReader();
    for (let read = 0; read < 2; read++) {
      const { value, done } = (await reader?.read()) ?? {};
      expect(done).toBe(false);
      expect(new TextDecoder().decode(value)).toMatch(/^ +$/);
    }
    await reader?.cancel();
  });

  it('huge: more than anybody wants, until nobody listens', async () => {
    const response = await post(await kinds('huge'), { input: 'a' });
    const reader = response.body?.getReader();
    for (let bytes = 0; bytes < 4 << 20; ) bytes += (await reader?.read())?.value?.length ?? Number.NaN;
    await reader?.cancel();
  });

  it('hang: no answer; stop() ends it', async () => {
    const sandbox = await kinds('hang');
    const asked = expect(post(sandbox, { input: 'a' })).rejects.toThrow('fetch failed');
    await fetch(`${sandbox.baseUrl}/embeddings/models`);
    await sandbox.stop();
    open.splice(0);
    await asked;
  });

  it('`contains` picks requests and `times` ends a rule', async () => {
    const sandbox = await withFault(
      { fault: { kind: 'status', status: 400 }, contains: 'poison' },
      { fault: { kind: 'status', status: 503 }, times: 2 },
    );
    const statusOf = async (...input: string[]) => (await post(sandbox, { input })).status;
    expect(await statusOf('a', 'a poison b')).toBe(400);
    expect(await statusOf('a')).toBe(503);
    expect(await statusOf('poison')).toBe(400);
    expect(await statusOf('a')).toBe(503);
    expect(await statusOf('a')).toBe(200);
    expect(await statusOf('poison')).toBe(400);
    sandbox.setFaults([]);
    expect(await statusOf('poison')).toBe(200);
  });
});

describe('as a process', () => {
  const entry = new URL('../../dist/local/sandbox-openrouter/main.js', import.meta.url).pathname;

  it('prints where it is, serves, and ends when stdin closes', async () => {
    const args = [entry, '--vectors', 'cheap', '--tokens', 'estimate', '--bill', tempFile('bill.jsonl')];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    try {
      const [first] = (await once(createInterface(child.stdout), 'line')) as [string];
      const { baseUrl } = JSON.parse(first) as { baseUrl: string };
      expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1$/);
      const answer = await ask({ baseUrl } as Sandbox, 'abcde');
      expect(answer.usage?.prompt_tokens).toBe(2);
      child.stdin.end();
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill();
    }
  });
});
