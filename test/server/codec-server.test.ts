import { createSecretKey, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPayloadCodec } from '../../src/hosting/payload-codec.js';
import { codecTokenOf, createRemoteCodec } from '../../src/hosting/remote-codec.js';
import { createCodecApp } from '../../src/server/codec-app.js';
import { type Listening, listen } from '../../src/server/listen.js';

const WEB_UI = 'http://localhost:8233';
const key = createSecretKey(randomBytes(32));
const token = codecTokenOf(key);
const plain = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const seal = async (value: unknown, by = key): Promise<Payload> =>
  (await createPayloadCodec(by).encode([plain(value)]))[0] as Payload;
/** As protobuf writes it in JSON. */
const asJson = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
  ),
  data: Buffer.from(data ?? []).toString('base64'),
});

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}
let listening: Listening;
const told: string[] = [];

/** By node:http: fetch would set Host and Origin itself. */
const ask = (
  path: string,
  { method = 'POST', headers = {}, body }: { method?: string; headers?: object; body?: unknown } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    request(
      {
        ...{ host: '127.0.0.1', port: listening.port, path, method },
        headers: { 'content-type': 'application/json', ...headers },
      },
      async (answer) => {
        let said = '';
        for await (const chunk of answer) said += chunk;
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: said });
      },
    )
      .on('error', reject)
      .end(text);
  });
const decode = async (payloads: Payload[], headers: object = {}): Promise<Answer> =>
  ask(`/${token}/decode`, { headers, body: { payloads: payloads.map(asJson) } });
const valuesOf = ({ body }: Answer): unknown[] =>
  (JSON.parse(body).payloads as ReturnType<typeof asJson>[]).map(({ metadata, data }) =>
    defaultPayloadConverter.fromPayload({
      metadata: Object.fromEntries(
        Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
      ),
      data: Buffer.from(data, 'base64'),
    }),
  );

beforeAll(async () => {
  const app = createCodecApp({
    ...{ codec: createRemoteCodec(key), token, origins: [WEB_UI] },
    refused: (sentence) => told.push(sentence),
  });
  listening = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => listening.close());

describe('the codec server', () => {
  it('opens what the key has sealed, and leaves what is plain', async () => {
    const answer = await decode([await seal({ ids: '1-5' }), plain('as it is'), await seal(null)]);
    expect(answer.status).toBe(200);
    expect(valuesOf(answer)).toEqual([{ ids: '1-5' }, 'as it is', null]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('seals what a worker with the key can open', async () => {
    const answer = await ask(`/${token}/encode`, { body: { payloads: [asJson(plain({ to: 'resume' }))] } });
    const again = await ask(`/${token}/decode`, { body: answer.body });
    expect(answer.body).not.toContain(asJson(plain({ to: 'resume' })).data);
    expect(valuesOf(again)).toEqual([{ to: 'resume' }]);
  });

  it.each([
    ['in the path', `/${token}/decode`, {}],
    ['in the path, before a namespace', `/${token}/default/decode`, { 'x-namespace': 'default' }],
    ['as a bearer', '/decode', { authorization: `Bearer ${token}` }],
    [
      'in the path, with a login of the Web UI',
      `/${token}/decode`,
      { authorization: 'Bearer eyJ.of.others' },
    ],
  ])('takes its token %s', async (_, path, headers) => {
    expect((await ask(path, { headers, body: {} })).status).toBe(200);
  });

  it.each([
    ['no token', '/decode', {}, 401],
    ['another token', `/${token.slice(1)}0/decode`, {}, 401],
    ['a token that is no bearer', '/decode', { authorization: token }, 401],
    ['another name (DNS rebinding)', `/${token}/decode`, { host: 'evil.example' }, 403],
    ['a name that begins as ours', `/${token}/decode`, { host: 'localhost.evil.example' }, 403],
    ['a page of another site', `/${token}/decode`, { origin: 'https://evil.example' }, 403],
    ['a page of another port', `/${token}/decode`, { origin: 'http://localhost:8234' }, 403],
    ['a page that begins as the Web UI', `/${token}/decode`, { origin: `${WEB_UI}.evil.example` }, 403],
    ['a page without an origin', `/${token}/decode`, { origin: 'null' }, 403],
    ['a form or an image of another site', `/${token}/decode`, { 'sec-fetch-site': 'cross-site' }, 403],
    ['a body that is no JSON', `/${token}/decode`, { 'content-type': 'text/plain' }, 415],
  ])('refuses %s', async (_, path, headers, status) => {
    const answer = await ask(path, { headers, body: { payloads: [asJson(await seal('canary'))] } });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ detail: expect.stringMatching(/\w+ /) });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.body).not.toContain(token);
  });

  it('lets a page of the Web UI ask, also by a private network and with credentials', async () => {
    const headers = {
      origin: WEB_UI,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-namespace,authorization',
      'access-control-request-private-network': 'true',
    };
    const { status, headers: allowed } = await ask(`/${token}/decode`, { method: 'OPTIONS', headers });
    expect(status).toBe(204);
    expect(allowed).toMatchObject({
      'access-control-allow-origin': WEB_UI,
      'access-control-allow-credentials': 'true',
      'access-control-allow-private-network': 'true',
      'access-control-allow-methods': 'POST',
      vary: 'Origin',
    });
    expect(String(allowed['access-control-allow-headers']).toLowerCase()).toMatch(
      /content-type.*x-namespace.*authorization/,
    );
    const answer = await decode([await seal('shown')], { origin: WEB_UI, 'sec-fetch-site': 'same-site' });
    expect(valuesOf(answer)).toEqual(['shown']);
    expect(answer.headers['access-control-allow-origin']).toBe(WEB_UI);
    const other = { ...headers, origin: 'https://evil.example' };
    expect((await ask(`/${token}/decode`, { method: 'OPTIONS', headers: other })).status).toBe(403);
  });

  it('says which key is wanted, to its own terminal too, and nothing of what it was given', async () => {
    const answer = await decode([await seal('canary', createSecretKey(randomBytes(32)))]);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).detail).toMatch(
      /^EMBEDDINGS_CODEC_KEY is not the key that this run was started with: set that key/,
    );
    const [sealed] = [asJson(await seal('canary'))];
    const damaged = { ...sealed, data: `${sealed.data.slice(0, 30)}AAAA${sealed.data.slice(34)}` };
    const refused = await ask(`/${token}/decode`, { body: { payloads: [damaged] } });
    expect(JSON.parse(refused.body).detail).toMatch(/damaged or altered/);
    expect(told.slice(-2)).toEqual([JSON.parse(answer.body).detail, JSON.parse(refused.body).detail]);
    expect(told.join()).not.toContain(damaged.data);
  });

  it.each([
    ['no JSON', '{"payloads":'],
    ['a list', '[]'],
    ['payloads that are none', '{"payloads":[1]}'],
    ['data that is no base64', '{"payloads":[{"data":"%%%"}]}'],
    ['metadata that is none', '{"payloads":[{"metadata":{"encoding":7}}]}'],
    ['null', 'null'],
  ])('refuses a body of %s with the form that is wanted', async (_, body) => {
    const answer = await ask(`/${token}/decode`, { body });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('send {');
  });

  it('refuses what is too large, other methods and other places', async () => {
    const big = JSON.stringify({ payloads: [{ data: 'A'.repeat(9 * 2 ** 20) }] });
    expect((await ask(`/${token}/decode`, { body: big })).status).toBe(413);
    expect(await ask(`/${token}/decode`, { method: 'GET' })).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    });
    expect((await ask(`/${token}/else`, { body: {} })).status).toBe(404);
  });
});
