import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { chooseGrpcPort, firstFree, listenOnFirst } from '../../src/local/temporal/ports.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function take(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
}

function unused(): Server {
  const server = createServer();
  servers.push(server);
  return server;
}

test('ports are below the ephemeral range', async () => {
  const port = await chooseGrpcPort(undefined);
  expect(port).toBeGreaterThanOrEqual(20_000);
  expect(port).toBeLessThan(32_768);
});

test('an earlier port is taken again where it is free', async () => {
  const earlier = await firstFree([]);
  expect(await chooseGrpcPort(earlier)).toBe(earlier);
});

test('a server that is just ending is waited for: elsewhere no worker would find the next one', async () => {
  const earlier = await firstFree([]);
  await take(earlier);
  const next = chooseGrpcPort(earlier);
  setTimeout(() => servers.shift()?.close(), 200);
  expect(await next).toBe(earlier);
});

test('a port that another program keeps is given up', async () => {
  const earlier = await firstFree([]);
  await take(earlier);
  expect(await chooseGrpcPort(earlier, 100)).not.toBe(earlier);
});

test('many servers that wish for one port at the same moment all listen, each on its own', async () => {
  const wished = await firstFree([]);
  const ports = await Promise.all(Array.from({ length: 20 }, () => listenOnFirst(unused(), [wished])));
  expect(new Set(ports).size).toBe(20);
  expect(ports).toContain(wished);
});

test('a server listens on the next of the wished ports, and says what is no matter of the port', async () => {
  const [taken, free] = [await firstFree([]), await firstFree([])];
  await take(taken);
  const server = unused();
  expect(await listenOnFirst(server, [taken, free])).toBe(free);
  await expect(listenOnFirst(server, [free])).rejects.toMatchObject({ code: 'ERR_SERVER_ALREADY_LISTEN' });
});
