import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appOf, type Stage, setStage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage(20);
});
afterAll(() => stage?.close());

const PATH = '/api/v1/status';
const take = { method: 'POST', body: '{"ids":[1],"form":"csv"}' };

describe('on loopback', () => {
  it.each([
    ['by another name (DNS rebinding)', { host: 'evil.example' }, 403],
    ['by a name that only begins as loopback', { host: '127.0.0.1.evil.example' }, 403],
    ['by a name that only ends as loopback', { host: 'evil.example:80@localhost' }, 403],
    ['by no name', { host: '' }, 403],
    ['by a page of another site', { origin: 'https://evil.example' }, 403],
    ['by a page of another port', { origin: 'http://localhost:9999' }, 403],
    ['by a page without an origin', { origin: 'null' }, 403],
    [
      'as a sound of a page of another site',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      403,
    ],
    [
      'as a sound of a page of another port',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' },
      403,
    ],
    ['by its own page', { origin: 'http://localhost:8787', 'sec-fetch-site': 'same-origin' }, 200],
    ...['document', 'iframe', 'object', 'embed'].map((dest): [string, Record<string, string>, number] => [
      `by a link or a frame of another site (${dest})`,
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': dest },
      403,
    ]),
    [
      'from an address that somebody has typed',
      { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      200,
    ],
    ['by a program', {}, 200],
    ['by the address', { host: '127.0.0.1:8787' }, 200],
    ['by the address of IPv6', { host: '[::1]:8787' }, 200],
  ])('asked %s', async (_, headers, status) => {
    const { ask } = appOf(stage.library);
    expect((await ask(PATH, headers as Record<string, string>)).status).toBe(status);
  });

  it('pages of an allowed origin may ask', async () => {
    const { ask } = appOf(stage.library, { allowOrigins: ['https://app.example'] });
    const headers = { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' };
    const answer = await ask(PATH, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect((await ask(PATH, headers, { method: 'OPTIONS' })).status).toBe(204);
    expect((await ask(PATH, { origin: 'https://app.example.evil' })).status).toBe(403);
  });

  it.each([
    ['a sound', '/api/v1/samples/1/preview', {}],
    ['a file', '/api/v1/samples/1/download', {}],
    ['a table', '/api/v1/take', take],
    ['a refusal', '/api/v1/samples/none/preview', {}],
    ['nothing', '/api/v1/none', {}],
  ])('pages of an allowed origin may read %s', async (_, path, init) => {
    const library = await stage.open(undefined, { SAMPLES_ROOT: stage.path });
    const { ask } = appOf(library, { allowOrigins: ['https://app.example'] });
    const headers = { origin: 'https://app.example', 'content-type': 'application/json' };
    const answer = await ask(path, headers, init);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
    expect(answer.headers.get('cross-origin-resource-policy')).toBeNull();
    expect(answer.headers.get('vary')).toBe('Origin');
    await answer.body?.cancel();
    const theirs = await ask(path, { ...headers, origin: 'https://evil.example' }, init);
    expect(theirs.headers.get('access-control-allow-origin')).toBeNull();
    expect(theirs.status).toBe(403);
  });
});

describe('with a token', () => {
  const token = 'correct horse battery';
  it.each([
    ['none', '', {}, 401],
    ['a wrong one', '', { authorization: 'Bearer correct horse' }, 401],
    ['a wrong one in the address', '?token=no', {}, 401],
    ['the right one', '', { authorization: `Bearer ${token}`, host: 'samples.example' }, 200],
    ['the right one in the address of anything but the page', `?token=${encodeURIComponent(token)}`, {}, 401],
    ['the cookie', '', { cookie: `embeddings_token_8787=${encodeURIComponent(token)}` }, 200],
    [
      'the cookie of a server at another port',
      '',
      { cookie: `embeddings_token_8788=${encodeURIComponent(token)}` },
      401,
    ],
    [
      'the cookie, from a page of another site',
      '',
      { cookie: `embeddings_token_8787=${encodeURIComponent(token)}`, origin: 'https://evil.example' },
      403,
    ],
  ])('%s', async (_, query, headers, status) => {
    const { ask } = appOf(stage.library, { token });
    expect((await ask(`${PATH}${query}`, headers as Record<string, string>)).status).toBe(status);
  });

  it('a page is opened with it once, and its address does not keep it', async () => {
    const { ask } = appOf(stage.library, { token, page: '<script>1</script>' });
    const answer = await ask(`/?token=${encodeURIComponent(token)}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/');
    expect(answer.headers.get('set-cookie')).toMatch(/^embeddings_token_8787=.*HttpOnly.*SameSite=Strict/);
  });
});

it('another site may lead to the page alone, and the page knows', async () => {
  const { ask } = appOf(stage.library, { page: '<body>hi</body>' });
  const led = (path: string, dest = 'document') =>
    ask(path, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': dest });
  expect(await (await led('/?q=never+asked')).text()).toBe('<body data-led-here>hi</body>');
  expect(await (await ask('/')).text()).toBe('<body>hi</body>');
  for (const dest of ['iframe', 'object', 'embed']) expect((await led('/', dest)).status).toBe(403);
  const { requests } = stage.sandbox.bill();
  for (const path of ['/api/v1/search?q=never+asked', '/api/v1/search/vibe?query=never+asked', '/mcp'])
    expect((await led(path)).status).toBe(403);
  expect(stage.sandbox.bill().requests).toBe(requests);
});

it('the page runs its own script and no other', async () => {
  const { ask } = appOf(stage.library, { page: '<p>hi</p><script>let a = 1;</script>' });
  const answer = await ask('/');
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/default-src 'none'/);
  expect(policy).toMatch(/script-src 'sha256-[\w+/]{43}='/);
  expect(policy).toMatch(/frame-ancestors 'none'/);
  expect(policy).not.toMatch(/script-src[^;]*'unsafe-inline'/);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});

it('a body of megabytes is refused', async () => {
  const { ask } = appOf(stage.library);
  const answer = await ask(
    '/mcp',
    { 'content-type': 'application/json' },
    { method: 'POST', body: 'x'.repeat(2_000_000) },
  );
  expect(answer.status).toBe(413);
});

it('new queries end at the cap of the day; known ones and words go on', async () => {
  const cap = { nanos: 0, setting: '--max-daily-cost' };
  await stage.library.search('known before', { mode: 'hybrid', limit: 1 });
  const { ask } = appOf(await stage.open(cap));
  const { requests } = stage.sandbox.bill();
  const answer = await ask('/api/v1/search?q=never+asked');
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toEqual({
    code: 'cap',
    detail: expect.stringMatching(/--max-daily-cost.* alone with mode=text, or raise it$/),
  });
  expect((await ask('/api/v1/search?q=known+before')).status).toBe(200);
  expect((await ask('/api/v1/search?q=never+asked&mode=text')).status).toBe(200);
  expect(stage.sandbox.bill().requests).toBe(requests);
});
