import { describe, expect, test } from 'vitest';
import { FailureType } from '../../src/contract/failure.js';
import type { Asked } from '../../src/providers/errors/about-the-model.js';
import { httpError } from '../../src/providers/errors/classify.js';
import { connectionError } from '../../src/providers/errors/connection-error.js';
import { type ErrorBody, errorBody } from '../../src/providers/errors/error-body.js';
import { statusOfCode } from '../../src/providers/errors/error-codes.js';

const what = 'OpenRouter POST /embeddings (samples 101–200)';
const body = (message: string, metadata: unknown = null, ...codes: (string | number)[]) => ({
  message,
  codes,
  metadata,
});

const typeOfStatus = (status: number, body: ErrorBody | null = null, asked?: Asked): FailureType =>
  httpError({ what: '', status, body, ...(asked && { asked }) }).type;

describe('HTTP statuses', () => {
  test.each([
    [FailureType.Rejected, [400, 413, 422]],
    [FailureType.Blocked, [301, 302, 307, 401, 402, 403, 404, 405, 410, 451]],
    [FailureType.Transient, [408, 409, 425, 500, 502, 503, 504, 520, 524, 529]],
    [FailureType.RateLimited, [429]],
  ])('%s: %j', (type, statuses) => {
    for (const status of statuses) expect([status, typeOfStatus(status)]).toEqual([status, type]);
  });

  const asked = { model: 'openai/text-embedding-9', texts: ['Title: Kick'] };
  test('a 400 about the model blocks, for no other text would pass', () => {
    const said = (...codes: string[]) =>
      body('openai/text-embedding-9 is not a valid model ID', null, ...codes);
    expect(typeOfStatus(400, said(), asked)).toBe(FailureType.Blocked);
    expect(typeOfStatus(400, said(), { ...asked, model: 'openai/text-embedding-3-small' })).toBe(
      FailureType.Rejected,
    );
    expect(typeOfStatus(400, body('no', null, 'model_not_found'))).toBe(FailureType.Blocked);
  });

  test('a page that is not the provider’s own passes, or is of one text: it says nothing of the account', () => {
    const page = { ...body('Sorry, you have been blocked'), form: 'page' as const };
    expect([403, 406].map((status) => typeOfStatus(status, page))).toEqual([
      FailureType.Transient,
      FailureType.Transient,
    ]);
    expect(typeOfStatus(404, page)).toBe(FailureType.Blocked);
    expect(typeOfStatus(413, page)).toBe(FailureType.Rejected);
  });

  test('a 403 about flagged input rejects that input only', () => {
    expect(typeOfStatus(403, body('flagged', { reasons: ['x'], flagged_input: 'y' }))).toBe(
      FailureType.Rejected,
    );
  });
});

describe('a 429 that no waiting cures', () => {
  const texts = ['Title: Kick'];
  const says = 'You exceeded your current quota, please check your plan and billing details.';
  test.each([
    ['code', body(says, null, 'insufficient_quota')],
    ['type beside another code', body(says, null, 429, 'insufficient_quota')],
    ['code in other letters', body(says, null, 'Insufficient_Quota')],
    ['word of a plain error', errorBody({ error: 'insufficient_quota' })],
    [
      'code of the provider behind',
      errorBody({
        error: {
          code: 429,
          message: 'Provider returned error',
          metadata: { raw: JSON.stringify({ error: { message: says, code: 'insufficient_quota' } }) },
        },
      }),
    ],
    ['quoted code', body("RateLimitError: {'code': 'insufficient_quota'}")],
  ])('insufficient_quota as %s blocks, in the provider’s words and with the cure', (_how, said) => {
    const error = httpError({ what, status: 429, body: said, asked: { model: 'm', texts } });
    expect(error).toMatchObject({ type: FailureType.Blocked, status: 429, billed: 'no' });
    expect(error.message).toContain(said?.message ?? 'missing');
    expect(error.message).toContain('add credit in the billing settings of the provider');
  });

  test('a text that spells the code does not', () => {
    const echo = body('too many requests for: Title: insufficient_quota');
    const asked = { model: 'm', texts: ['Title: insufficient_quota'] };
    expect(typeOfStatus(429, echo, asked)).toBe(FailureType.RateLimited);
  });
});

describe('a refusal that is about the account', () => {
  const PRIVACY = 'openrouter.ai/settings/privacy';
  test.each([
    [404, 'No endpoints found matching your data policy (Paid model training).', PRIVACY],
    [404, 'No endpoints available matching your guardrail restrictions and data policy.', PRIVACY],
    [404, 'No allowed providers are available for the selected model.', PRIVACY],
    [404, 'All providers have been ignored.', PRIVACY],
    [403, 'Key limit exceeded (total limit).', 'openrouter.ai/settings/keys'],
  ])('%i %j names the page of its settings', (status, said, page) => {
    const error = httpError({ what, status, body: body(said) });
    expect(error).toMatchObject({ type: FailureType.Blocked, billed: 'no' });
    expect(error.message).toContain(page);
    expect(error.message).not.toMatch(/no such model|OPENROUTER_BASE_URL|may not use this model/);
  });

  test('or about what the request asks for', () => {
    const said = 'No endpoints found that support the provided dimensions.';
    const { message } = httpError({ what, status: 404, body: body(said) });
    expect(message).toMatch(/EMBEDDING_MODEL.*EMBEDDING_DIMENSIONS$/);
  });

  test('a text that spells it does not', () => {
    const asked = { model: 'm', texts: ['Title: data policy'] };
    const echo = body('no such model for: Title: data policy');
    expect(httpError({ what, status: 404, body: echo, asked }).message).toContain('no such model or address');
  });

  test('a page with 404 is about the address alone', () => {
    const page = { ...body('Not Found'), form: 'page' as const };
    const { message } = httpError({ what, status: 404, body: page });
    expect(message).toContain('check OPENROUTER_BASE_URL');
    expect(message).not.toContain('EMBEDDING_MODEL');
  });
});

describe('sentences', () => {
  test.each([
    [502, null, '502 Bad Gateway'],
    [502, 'Bad gateway', '502 Bad Gateway'],
    [529, 'Provider busy', '529 Overloaded: Provider busy'],
    [302, null, '302 Found: redirect not followed: check OPENROUTER_BASE_URL'],
    [522, null, '522 Connection Timed Out'],
    [599, null, '599'],
    [405, null, '405 Method Not Allowed: the provider takes no such request: check OPENROUTER_BASE_URL'],
    [
      401,
      'User not found.',
      '401 Unauthorized: User not found.; OPENROUTER_API_KEY was refused: make a new key at openrouter.ai/keys',
    ],
    [402, null, '402 Payment Required: no credit is left: add some at openrouter.ai/credits, then resume'],
  ])('%i %j', (status, message, expected) => {
    const error = httpError({ what, status, body: message === null ? null : body(message) });
    expect(error.message).toBe(`${what}: ${expected}`);
  });

  test('hold no key, no control characters and no more than 300 foreign characters', () => {
    const secret = 'sk-or-v1-0123456789abcdef';
    const said = `bad key ${secret} (also sk-or-v1-0123…cdef)\u001b[31m\n\u202e${'x'.repeat(1000)}`;
    const { message } = httpError({ what, status: 400, body: body(said), secret });
    expect(message).toContain('bad key *** (also sk-***) [31m xxx');
    expect(message).not.toMatch(/0123|cdef|\p{Cc}|\u202e/u);
    expect(message.length).toBeLessThan(400);
  });
});

test.each<[unknown, number | null]>([
  [502, 502],
  ['429', 429],
  ['rate_limit_exceeded', 429],
  ['insufficient_quota', 402],
  ['what', null],
  [null, null],
  [200, null],
  [-32000, null],
])('code %j stands for status %j', (code, status) => {
  expect(statusOfCode(code)).toBe(status);
});

test.each<[unknown, ReturnType<typeof errorBody>]>([
  [{ data: [] }, null],
  [{ error: null }, null],
  [null, null],
  ['text', null],
  [{ error: 'broken' }, { message: 'broken', codes: [], metadata: null }],
  [{ error: 'server_error' }, { message: 'server_error', codes: ['server_error'], metadata: null }],
  [{ error: { code: 502 } }, { message: '', codes: [502], metadata: null }],
  [
    { error: { message: 'Provider returned error', code: 502, metadata: { raw: 'upstream is full' } } },
    {
      message: 'Provider returned error: upstream is full',
      codes: [502],
      metadata: { raw: 'upstream is full' },
    },
  ],
])('the error of %j is %j', (json, expected) => {
  expect(errorBody(json)).toEqual(expected);
});

describe('connection faults', () => {
  const failed = (code: string) =>
    connectionError(
      what,
      new TypeError('fetch failed', { cause: Object.assign(new Error(`${code} here`), { code }) }),
      null,
    );

  test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'EMFILE'])(
    '%s was not sent',
    (code) => {
      expect(failed(code)).toMatchObject({ type: FailureType.Transient, billed: 'no', status: null });
    },
  );

  test.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_BODY_TIMEOUT', ''])(
    '%j may have been billed',
    (code) => {
      expect(failed(code)).toMatchObject({ type: FailureType.Transient, billed: 'maybe' });
    },
  );

  test('a certificate blocks', () => {
    expect(failed('DEPTH_ZERO_SELF_SIGNED_CERT')).toMatchObject({ type: FailureType.Blocked, billed: 'no' });
  });

  test('both addresses of a host refused', () => {
    const refusals = [1, 2].map(() => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    const error = connectionError(
      what,
      new TypeError('fetch failed', { cause: new AggregateError(refusals) }),
      null,
    );
    expect(error.billed).toBe('no');
    expect(error.message).toContain('OPENROUTER_BASE_URL');
  });
});
