import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type Endpoint, type EndpointAddress, openEndpoint } from '../../../src/hosting/metrics/endpoint.js';
import { openMeasures } from '../../../src/hosting/metrics/index.js';

/** Where nothing is asked for, nothing listens. */
it.each([
  ['default', false],
  ['off', true],
] as const)(
  'is not there with EMBEDDINGS_METRICS_ADDRESS %s, served by default: %s',
  async (metrics, serve) => {
    expect(await openMeasures({ metrics, collection: { name: 'samples' } }, { serve })).toBeNull();
  },
);

const open: Endpoint[] = [];
afterEach(async () => {
  for (const endpoint of open.splice(0)) await endpoint.close();
});

const sources = {
  health: () => Promise.reject(new Error('not asked here')),
  metrics: async () => ({ text: 'a 1\n', contentType: 'text/plain' }),
};
const start = async (wish: EndpointAddress): Promise<string> => {
  const endpoint = await openEndpoint(wish, sources);
  open.push(endpoint);
  return endpoint.url;
};
const asking = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });

it('several that were told nothing share a machine: each has a port of its own, on loopback', async () => {
  const urls = [await start(null), await start(null), await start(null)];
  expect(new Set(urls).size).toBe(3);
  for (const url of urls) {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(`${url}/metrics`)).text()).toBe('a 1\n');
  }
});

it('a wished address that cannot be had is one sentence with the cure', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(openEndpoint({ host: '127.0.0.1', port }, sources)).rejects.toMatchObject({
    name: 'Fault',
    kind: 'usage',
    message: `EMBEDDINGS_METRICS_ADDRESS (--metrics-port): 127.0.0.1:${port} is taken by another program; choose another, 0 for any, or "off"`,
  });
  await new Promise((resolve) => other.close(resolve));
  await expect(openEndpoint({ host: '192.0.2.1', port: 0 }, sources)).rejects.toThrow(
    'is no address of this machine',
  );
});

it('answers GET and HEAD at its two paths, and nobody who calls it by a foreign name', async () => {
  const url = await start({ host: '127.0.0.1', port: 0 });
  expect((await fetch(`${url}/`)).status).toBe(404);
  expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
  expect(await (await fetch(`${url}/metrics`, { method: 'HEAD' })).text()).toBe('');
  expect(await asking(`${url}/metrics`, 'rebound.example.com')).toBe(403);
  expect(await asking(`${url}/metrics`, 'localhost:1')).toBe(200);
});
