import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { choosePorts } from '../../src/local/temporal/ports.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function take(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
}

test('ports are below the ephemeral range, and apart', async () => {
  const { grpc, ui } = await choosePorts(null);
  expect(grpc).toBeGreaterThanOrEqual(20_000);
  expect(grpc).toBeLessThan(32_768);
  expect(ui).not.toBe(grpc);
});

test('earlier ports are taken again, both or the one that is free', async () => {
  const first = await choosePorts(null);
  const earlier = { grpc: first.grpc, ui: (await choosePorts(null)).grpc };
  expect(await choosePorts(earlier)).toEqual(earlier);
  await take(earlier.ui);
  const next = await choosePorts(earlier);
  expect(next.grpc).toBe(earlier.grpc);
  expect(next.ui).not.toBe(earlier.ui);
});

test('a server that is just ending is waited for: elsewhere no worker would find the next one', async () => {
  const earlier = await choosePorts(null);
  await take(earlier.grpc);
  const next = choosePorts(earlier);
  setTimeout(() => servers.shift()?.close(), 200);
  expect((await next).grpc).toBe(earlier.grpc);
});

test('a port that another program keeps is given up', async () => {
  const earlier = await choosePorts(null);
  await take(earlier.grpc);
  expect((await choosePorts(earlier, 100)).grpc).not.toBe(earlier.grpc);
});

test('nothing takes the same port twice', async () => {
  const { grpc } = await choosePorts(null);
  expect((await choosePorts({ grpc, ui: grpc })).ui).not.toBe(grpc);
});
