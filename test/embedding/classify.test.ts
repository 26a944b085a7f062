import { describe, expect, test } from 'vitest';
import { FailureType } from '../../src/contract.js';
import { errorBody, httpError, statusOfCode, typeOfStatus } from '../../src/embedding/classify.js';
import { connectionError } from '../../src/embedding/connection-error.js';

const what = 'OpenRouter POST /embeddings (samples 101–200)';
const body = (message: string, metadata: unknown = null) => ({ message, code: null, metadata });

describe('HTTP statuses', () => {
  test.each([
    [FailureType.Rejected, [400, 413, 422]],
    [FailureType.Blocked, [301, 302, 307, 401, 402, 403, 404, 405, 410, 451]],
    [FailureType.Transient, [408, 409, 425, 500, 502, 503, 504, 520, 524, 529]],
    [FailureType.RateLimited, [429]],
  ])('%s: %j', (type, statuses) => {
    for (const status of statuses) expect([status, typeOfStatus(status)]).toEqual([status, type]);
  });

  test('a 400 about the model blocks, for no other text would pass', () => {
    const message = 'openai/text-embedding-9 is not a valid model ID';
    expect(typeOfStatus(400, body(message))).toBe(FailureType.Blocked);
  });

  test('a 403 about flagged input rejects that input only', () => {
    expect(typeOfStatus(403, body('flagged', { reasons: ['x'], flagged_input: 'y' }))).toBe(
      FailureType.Rejected,
    );
  });

  test('a gateway that gave up waiting may have been billed, any other answer was not', () => {
    const sent = (status: number) => httpError({ what, status, body: null }).sent;
    expect([504, 524].map(sent)).toEqual(['maybe', 'maybe']);
    expect([400, 401, 429, 500, 502, 503, 529].map(sent)).toEqual(new Array(7).fill('answered'));
  });
});

describe('sentences', () => {
  test.each([
    [502, null, '502 Bad Gateway'],
    [502, 'Bad gateway', '502 Bad Gateway'],
    [529, 'Provider busy', '529 Overloaded: Provider busy'],
    [302, null, '302 Found: redirect not followed: check OPENROUTER_BASE_URL'],
    [599, null, '599'],
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
  [{ error: 'broken' }, { message: 'broken', code: null, metadata: null }],
  [{ error: { code: 502 } }, { message: '', code: 502, metadata: null }],
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
      expect(failed(code)).toMatchObject({ type: FailureType.Transient, sent: 'no', status: null });
    },
  );

  test.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_BODY_TIMEOUT', ''])(
    '%j may have been billed',
    (code) => {
      expect(failed(code)).toMatchObject({ type: FailureType.Transient, sent: 'maybe' });
    },
  );

  test('a certificate blocks', () => {
    expect(failed('DEPTH_ZERO_SELF_SIGNED_CERT')).toMatchObject({ type: FailureType.Blocked, sent: 'no' });
  });

  test('both addresses of a host refused', () => {
    const refusals = [1, 2].map(() => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    const error = connectionError(
      what,
      new TypeError('fetch failed', { cause: new AggregateError(refusals) }),
      null,
    );
    expect(error.sent).toBe('no');
    expect(error.message).toContain('OPENROUTER_BASE_URL');
  });
});
