import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isInNetworks } from '../../src/outgoing/networks.js';

const NAMES = [
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'NODE_USE_ENV_PROXY',
];
const servers: Server[] = [];
const portOf = (server: Server): number => (server.address() as AddressInfo).port;
async function listening(server: Server): Promise<Server> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Whom the proxy was asked for, and what the only server there is was sent. */
let asked: (string | undefined)[];
let received: { url: string | undefined; host: string | undefined; body: string }[];
let server: Server;
let proxy: Server;
let outgoingFetch: typeof fetch;

beforeEach(async () => {
  for (const name of NAMES) vi.stubEnv(name, undefined);
  vi.resetModules();
  ({ outgoingFetch } = await import('../../src/outgoing/fetch.js'));
  asked = [];
  received = [];
  server = await listening(
    createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push({ url: request.url, host: request.headers.host, body });
      response.end('answered');
    }),
  );
  // All names are this server's, as behind a proxy all resolve.
  proxy = await listening(
    createServer().on('connect', (request, socket) => {
      asked.push(request.url);
      const onward = connect(portOf(server), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      socket.on('error', () => onward.destroy());
      onward.on('error', () => socket.destroy());
    }),
  );
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const one of servers.splice(0)) {
    one.closeAllConnections();
    one.close();
  }
});
const proxyUrl = (): string => `http://127.0.0.1:${portOf(proxy)}`;
const serverUrl = (): string => `http://127.0.0.1:${portOf(server)}`;

describe('a request', () => {
  it.each(['http_proxy', 'HTTP_PROXY'])('goes through the proxy of %s', async (name) => {
    vi.stubEnv(name, proxyUrl());
    const answer = await outgoingFetch('http://store.invalid/v2', { method: 'POST', body: 'rows' });
    expect(await answer.text()).toBe('answered');
    expect(asked).toEqual(['store.invalid:80']);
    expect(received).toEqual([{ url: '/v2', host: 'store.invalid', body: 'rows' }]);
  });

  it("is taken as Node's own Request too, as the store's client sends it", async () => {
    vi.stubEnv('http_proxy', proxyUrl());
    const request = new Request('http://store.invalid/v2', { method: 'POST', body: 'rows' });
    expect((await outgoingFetch(request, { redirect: 'error' })).status).toBe(200);
    expect(received).toEqual([{ url: '/v2', host: 'store.invalid', body: 'rows' }]);
  });

  it.each(['127.0.0.1', 'localhost'])('to %s goes through none', async (host) => {
    for (const name of ['http_proxy', 'HTTPS_PROXY', 'NODE_USE_ENV_PROXY']) vi.stubEnv(name, proxyUrl());
    const url = `http://${host}:${portOf(server)}/`;
    expect((await outgoingFetch(url)).status).toBe(200);
    expect((await outgoingFetch(new Request(url, { method: 'POST', body: 'b' }))).status).toBe(200);
    expect(asked).toEqual([]);
  });

  it('without a proxy is what fetch does', async () => {
    expect((await outgoingFetch(serverUrl())).status).toBe(200);
    await expect(outgoingFetch('http://store.invalid/')).rejects.toMatchObject({
      cause: { code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) },
    });
  });

  it.each(['no_proxy', 'NO_PROXY'])('to a host of %s goes through none', async (name) => {
    vi.stubEnv('http_proxy', proxyUrl());
    vi.stubEnv(name, 'other.invalid,.store.invalid');
    await expect(outgoingFetch('http://db.store.invalid/')).rejects.not.toMatchObject({ code: 'ERR_PROXY' });
    expect(asked).toEqual([]);
    await outgoingFetch('http://store.example.invalid/');
    expect(asked).toHaveLength(1);
  });
});

describe('a fault of the proxy', () => {
  it('that refuses names its variable and the host, and was not sent', async () => {
    proxy.removeAllListeners('connect');
    proxy.on('connect', (_request, socket) => socket.end('HTTP/1.1 407 Who are you\r\n\r\n'));
    vi.stubEnv('HTTPS_PROXY', proxyUrl());
    await expect(outgoingFetch('https://provider.invalid/v1')).rejects.toMatchObject({
      code: 'ERR_PROXY',
      message:
        'the proxy of HTTPS_PROXY refuses a connection to provider.invalid (407): correct HTTPS_PROXY, or name the host in NO_PROXY',
    });
  });

  it('that does not answer is told from one of the server', async () => {
    vi.stubEnv('https_proxy', 'http://127.0.0.1:1');
    await expect(outgoingFetch('https://provider.invalid/v1')).rejects.toMatchObject({
      code: 'ERR_PROXY',
      message: expect.stringContaining('the proxy of https_proxy cannot be reached'),
    });
  });

  it('that is of another kind is named', async () => {
    vi.stubEnv('https_proxy', 'socks5://127.0.0.1:1080');
    await expect(outgoingFetch('https://provider.invalid/')).rejects.toMatchObject({
      message: 'https_proxy must be http://host:port: no other kind of proxy can be used',
    });
  });

  it('of the provider is a sentence, and nothing was billed', async () => {
    vi.stubEnv('https_proxy', 'http://127.0.0.1:1');
    const { createOpenRouter } = await import('../../src/providers/openrouter.js');
    const provider = createOpenRouter({ apiKey: 'k', baseUrl: 'https://provider.invalid/v1' });
    await expect(provider.key()).rejects.toThrow(/the proxy of https_proxy cannot be reached/);
  });
});

it('the store asks through the proxy', async () => {
  vi.stubEnv('http_proxy', proxyUrl());
  const { openStore } = await import('../../src/engines/libsql/index.js');
  const store = await openStore({ url: 'http://db.invalid?tls=0', authToken: 't', deadlineMs: 5000 });
  await store.countVectors().catch(() => undefined);
  await store.close();
  expect(asked).toContain('db.invalid:80');
});

it.each([
  ['10.1.2.3', 'localhost, 10.0.0.0/8', true],
  ['11.1.2.3', 'localhost, 10.0.0.0/8', false],
  ['[fd00::1]', 'fd00::/8', true],
  ['db.local', '10.0.0.0/8', false],
  ['10.1.2.3', '10.0.0.0/99 nonsense/8 10.1.2.3', false],
])('%s in the networks of "%s": %s', (host, noProxy, expected) => {
  expect(isInNetworks(host, noProxy)).toBe(expected);
});
