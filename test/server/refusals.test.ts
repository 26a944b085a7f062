import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KitLibrary } from '../../src/take/kit-library.js';
import { appOf, type Stage, setStage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage(30);
});
afterAll(() => stage?.close());

interface Refused {
  status: number;
  code: string;
  detail: string;
  headers: Headers;
}

async function refused(
  path: string,
  init: RequestInit & { headers?: Record<string, string> } = {},
  library: KitLibrary = stage.library,
): Promise<Refused> {
  const { ask, reports } = appOf(library);
  const answer = await ask(path, init.headers ?? {}, init);
  const body = (await answer.json()) as { code: string; detail: string };
  expect(Object.keys(body).sort()).toEqual(['code', 'detail']);
  expect(reports).toEqual([]);
  return { status: answer.status, ...body, headers: answer.headers };
}

describe('what the server has trouble with', () => {
  it.each([
    ['the provider is down', { status: 500 }, 502, 'provider-down'],
    ['the provider is busy', { status: 429 }, 503, 'provider-busy'],
    ['the key is refused', { status: 401 }, 502, 'provider-refuses'],
    ['the account is empty', { status: 402 }, 502, 'provider-refuses'],
  ])('%s', async (name, { status }, expected, code) => {
    const library = await stage.open();
    stage.sandbox.setFaults([{ fault: { kind: 'status', status } }]);
    const answer = await refused(`/api/v1/search?q=${encodeURIComponent(name)}`, {}, library);
    expect(answer).toMatchObject({ status: expected, code });
    expect(answer.detail).toMatch(/search by words alone with mode=text$/);
    const vibe = await refused(`/api/v1/search/vibe?query=${encodeURIComponent(name)}`, {}, library);
    expect(vibe).toMatchObject({ status: expected, code });
    expect(vibe.detail).toMatch(/with mode=text of GET \/api\/v1\/search$/);
    stage.sandbox.setFaults([]);
  });

  it('is to be asked again no sooner than the provider says', async () => {
    const library = await stage.open();
    stage.sandbox.setFaults([{ fault: { kind: 'status', status: 429, retryAfter: '17' } }]);
    const { headers } = await refused('/api/v1/search?q=asked+too+often', {}, library);
    expect(headers.get('retry-after')).toBe('17');
    stage.sandbox.setFaults([]);
  });

  it('no key: what is known and words go on', async () => {
    const library = await stage.open(undefined, { OPENROUTER_API_KEY: '' });
    const answer = await refused('/api/v1/search?q=never+asked', {}, library);
    expect(answer).toMatchObject({ status: 503, code: 'no-provider' });
    expect(answer.detail).toMatch(/OPENROUTER_API_KEY .* with mode=text$/);
    const { ask } = appOf(library);
    expect((await ask('/api/v1/search?q=never+asked&mode=text')).status).toBe(200);
  });

  it("a sample that is not there is the asker's trouble", async () => {
    expect(await refused('/api/v1/search?like=999999')).toMatchObject({ status: 404, code: 'no-sample' });
  });
});

/** A parameter so many times, each time with another number behind it. */
const repeated = (parameter: string, times: number): string =>
  Array.from({ length: times }, (_, at) => `${parameter}${at}`).join('&');

it.each([
  ['conditions', 'where=genre%3Dg', 51, /^where names more than 50 values: leave some out$/],
  ['examples', 'like=', 101, /^like names more than 100 values: leave some out$/],
])('more %s than anyone needs are refused before any is looked at', async (_, parameter, times, detail) => {
  const path = `/api/v1/search?${repeated(parameter, times)}`;
  const answer = await refused(path);
  expect(answer).toMatchObject({ status: 400, code: 'usage' });
  expect(answer.detail).toMatch(detail);
});

describe('a malformed request', () => {
  const post = (body: string, type = 'application/json') => ({
    method: 'POST',
    body,
    headers: { 'content-type': type },
  });
  it.each([
    ['JSON that cannot be parsed', '/api/v1/take', post('{bad'), 400, 'malformed', /JSON/],
    ['no body', '/api/v1/take', post(''), 400, 'malformed', /JSON/],
    ['another type', '/api/v1/take', post('{}', 'text/plain'), 415, 'media-type', /application\/json/],
    ['too much', '/api/v1/take', post(`"${'x'.repeat(2_000_000)}"`), 413, 'too-large', /send less/],
    ['another method', '/api/v1/take', {}, 405, 'method', /accepts POST, not GET/],
    ['another method, without JSON', '/api/v1/status', { method: 'POST' }, 405, 'method', /GET, HEAD/],
    ['another method', '/api/v1/status', post('{}'), 405, 'method', /accepts GET, HEAD, not POST/],
    ['another method', '/api/v1/samples/1/preview', { method: 'DELETE' }, 405, 'method', /GET, HEAD/],
    ['an address that is not there', '/api/v1/nothing', {}, 404, 'not-found', /openapi\.json/],
  ])('%s', async (_, path, init, status, code, detail) => {
    expect(await refused(path, init)).toMatchObject({ status, code, detail: expect.stringMatching(detail) });
  });

  it.each([
    ['/api/v1/search?q=x&genre[]=jazz', /genre\[\] is no parameter here: did you mean where=genre=…\?/],
    ['/api/v1/search?q=x&bpm=80-90', /did you mean where=bpm=…\?/],
    ['/api/v1/search?q=x&limt=5', /did you mean limit\?/],
    ['/api/v1/search/vibe?query=x&bpm=80', /did you mean bpm_min or bpm_max\?/],
    ['/api/v1/search/vibe?query=x&genre[]=jazz', /did you mean genre\?/],
    ['/api/v1/search/similar/1?query=x', /query is no parameter here: there are limit, bpm_min/],
    ['/api/v1/status?verbose=1', /leave it out/],
  ])('%s names a parameter that is not there', async (path, detail) => {
    expect(await refused(path)).toMatchObject({
      ...{ status: 400, code: 'parameter' },
      detail: expect.stringMatching(detail),
    });
  });

  it.each([
    ['/api/v1/search/vibe', {}, /^query is missing: give text$/],
    ['/api/v1/search/vibe?query=a&query=b', {}, /^query is given twice: give it once$/],
    [`/api/v1/search?q=a&cursor=${'x'.repeat(201)}`, {}, /^cursor belongs to another search: leave it out/],
    [
      `/api/v1/samples/${'x'.repeat(2049)}`,
      {},
      /^id has more than 2,048 characters: give the id of a sample$/,
    ],
    ['/api/v1/search/vibe?query=x&bpm_min=0x50', {}, /^bpm_min must be a number from 0 .*, got "0x50"$/],
    ['/api/v1/search?q=a&mode=words', {}, /^mode must be hybrid, vector or text$/],
    [
      '/api/v1/take',
      post(`{"ids":["${'x'.repeat(2049)}"],"form":"csv"}`),
      /^ids\.0 .*2,048 characters|^ids\.0 /,
    ],
    ['/api/v1/search?where=nope%3D5', {}, /^where: nope is no filter/],
    ['/api/v1/search?where=%3D5', {}, /^where="=5" names no field/],
    ['/api/v1/take', post('null'), /^the body must be an object$/],
    ['/api/v1/take', post('{}'), /^ids is missing: give a list$/],
    [
      '/api/v1/take',
      post('{"ids":[1],"form":"zip","x":1,"y":2}'),
      /^the body has x, which is not known here: leave it out$/,
    ],
    ['/api/v1/take', post('{"ids":[1],"form":["zip"]}'), /^form must be zip, m3u8, csv or json$/],
    ['/api/v1/take', post('{"ids":[1]}'), /^form must be zip, m3u8, csv or json$/],
    ['/api/v1/take', post('{"ids":[null],"form":"zip"}'), /^ids\.0 must be a number or text$/],
    ['/api/v1/search/vibe?query=x&bpm_min=120&bpm_max=90', {}, /^bpm_min 120 is greater than bpm_max 90: /],
    ['/api/v1/search/vibe?query=x&energy_min=1&energy_max=0', {}, /^energy_min 1 is greater than energy_max/],
  ])('%s is refused in plain words (%#)', async (path, init, detail) => {
    expect(await refused(path, init)).toMatchObject({
      ...{ status: 400, code: 'usage' },
      detail: expect.stringMatching(detail),
    });
  });

  it('is told which methods there are', async () => {
    expect((await refused('/api/v1/take')).headers.get('allow')).toBe('POST');
  });
});

it('new queries at a slow provider hold up nobody who asks for what is known', async () => {
  await stage.library.search('known before', { mode: 'hybrid', limit: 1 });
  const { ask } = appOf(await stage.open());
  stage.sandbox.setFaults([{ fault: { kind: 'hang' } }]);
  const given = Array.from({ length: 6 }, () => new AbortController());
  const slow = given.map(({ signal }, at) =>
    ask(`/api/v1/search?q=slow+${at}`, {}, { signal }).catch(() => null),
  );
  expect((await ask('/api/v1/search?q=known+before')).status).toBe(200);
  expect((await ask('/api/v1/search?q=slow&mode=text')).status).toBe(200);
  expect((await ask('/api/v1/facets')).status).toBe(200);
  for (const each of given) each.abort();
  stage.sandbox.setFaults([]);
  await stage.sandbox.stop();
  await Promise.all(slow);
});

it('a blank cursor begins at the first, and one before the first is refused', async () => {
  const { ask } = appOf(stage.library);
  const first = await ask('/api/v1/search?q=kick&mode=text&limit=1');
  const blank = await ask('/api/v1/search?q=kick&mode=text&limit=1&cursor=');
  const answers = (await Promise.all([first, blank].map((each) => each.json()))) as { next_cursor: string }[];
  expect(answers[1]).toMatchObject({ results: (answers[0] as unknown as { results: unknown }).results });
  const [, hash] = Buffer.from(answers[0]?.next_cursor ?? '', 'base64url')
    .toString()
    .split('.');
  const forged = Buffer.from(`-1.${hash}`).toString('base64url');
  expect(await refused(`/api/v1/search?q=kick&mode=text&limit=1&cursor=${forged}`)).toMatchObject({
    ...{ status: 400, code: 'cursor' },
  });
});

it('an id with a leading zero is no other name of a sample', async () => {
  expect(await refused('/api/v1/samples/01')).toMatchObject({ status: 404, code: 'no-sample' });
});
