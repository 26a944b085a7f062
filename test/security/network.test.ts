import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config.js';
import { boundedFetch } from '../../src/engines/libsql/bounded-fetch.js';
import { openStore } from '../../src/engines/libsql/index.js';
import { configuredTemporal } from '../../src/hosting/temporal.js';
import { createOpenRouter } from '../../src/providers/openrouter.js';

const servers: Server[] = [];
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Sends everybody to a place that writes down who came. */
async function detour(): Promise<{ url: string; visitors: (string | undefined)[]; sent: () => number }> {
  const visitors: (string | undefined)[] = [];
  let redirects = 0;
  const elsewhere = await serve((request, response) => {
    visitors.push(request.headers.authorization);
    response.end('{}');
  });
  const url = await serve((request, response) => {
    redirects += 1;
    response.writeHead(307, { Location: `${elsewhere}${request.url}` }).end();
  });
  return { url, visitors, sent: () => redirects };
}

describe('a redirect is not followed', () => {
  it('by the store, whose token would travel along', async () => {
    const { url, visitors, sent } = await detour();
    const store = await openStore({ url, authToken: 'canary' });
    await expect(store.countVectors()).rejects.not.toThrow(/canary/);
    await store.close();
    expect(sent()).toBeGreaterThan(0);
    expect(visitors).toEqual([]);
  });

  it('by the provider, whose key would', async () => {
    const { url, visitors, sent } = await detour();
    const provider = createOpenRouter({ apiKey: 'sk-canary', baseUrl: url });
    for (const call of [
      provider.key(),
      provider.model('m'),
      provider.embed({ model: 'm', dimensions: 4, texts: ['a'], subject: 'sample 1' }),
    ]) {
      await expect(call).rejects.toThrow(/307/);
      await expect(call).rejects.not.toThrow(/canary/);
    }
    expect(sent()).toBe(3);
    expect(visitors).toEqual([]);
  });
});

describe('an answer of the store', () => {
  it('is given up where it is larger than any of libSQL', async () => {
    const url = await serve((_request, response) => {
      const more = (): void => {
        while (response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    const answer = await boundedFetch(() => 30_000, 100_000)(url);
    await expect(answer.text()).rejects.toThrow('the answer is larger than 100000 bytes');
  });

  it('is whole up to that, and has its status and headers', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(418, { 'X-Kind': 'pot' }).end('x'.repeat(100_000));
    });
    const answer = await boundedFetch(() => 30_000, 100_000)(url);
    expect([answer.status, answer.headers.get('x-kind')]).toEqual([418, 'pot']);
    expect(await answer.text()).toHaveLength(100_000);
  });
});

describe('TEMPORAL_ADDRESS', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'address-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['canary of no form', 'canary@host:1', 'postgres:canary'])(
    'that is no address is neither shown nor looked up: %s',
    (address) => {
      const attempt = () => configuredTemporal(loadSettings({ TEMPORAL_ADDRESS: address }, '/'));
      expect(attempt).toThrow(/^TEMPORAL_ADDRESS must be host:port, got \d+ characters/);
    },
  );

  it("of somebody else's .env is not sent the key of Temporal's configuration file", () => {
    const file = join(folder, 'temporal.toml');
    writeFileSync(file, '[profile.default]\napi_key = "canary"\naddress = "mine.example:7233"\n');
    const env = { TEMPORAL_CONFIG_FILE: file };
    expect(configuredTemporal(loadSettings(env, folder))?.connectionOptions.address).toBe(
      'mine.example:7233',
    );
    writeFileSync(join(folder, '.env'), 'TEMPORAL_ADDRESS=evil.example:7233\n');
    expect(() => configuredTemporal(loadSettings(env, folder))).toThrow(/^TEMPORAL_ADDRESS is set in \.env/);
  });
});

describe('TEMPORAL_API_KEY', () => {
  const target = (env: Record<string, string>) =>
    configuredTemporal(loadSettings({ TEMPORAL_API_KEY: 'canary', ...env }, '/'));

  it('is not sent in the clear beyond this machine', () => {
    const plain = () => target({ TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_TLS: 'false' });
    expect(plain).toThrow(/^TEMPORAL_API_KEY would be sent unencrypted/);
    expect(plain).not.toThrow(/canary/);
    expect(() => target({ TEMPORAL_ADDRESS: '127.0.0.1.example:7233', TEMPORAL_TLS: 'false' })).toThrow();
  });

  it('goes over TLS, or to loopback', () => {
    expect(target({ TEMPORAL_ADDRESS: 'temporal.example:7233' })?.connectionOptions.tls).toBe(true);
    expect(target({ TEMPORAL_ADDRESS: '127.0.0.1:7233', TEMPORAL_TLS: 'false' })).not.toBeNull();
  });
});
