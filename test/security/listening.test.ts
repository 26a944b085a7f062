import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Scene, setScene } from '../e2e/scene.js';
import { listeningOf } from './sockets.js';

const LOOPBACK = /^(127(\.\d+){3}|\[::1\]):\d+$/;

let scene: Scene;
afterEach(() => scene?.close());

describe.skipIf(!existsSync('/proc/net/tcp'))('what we start', () => {
  it('listens on loopback alone: server, Web UI, metrics, leases, worker, sandbox', async () => {
    scene = await setScene(20);
    const dev = scene.start(['dev']);
    await dev.says('A worker is up');
    await dev.says('Web UI');
    const state = JSON.parse(readFileSync(join(scene.path, '.embeddings', 'temporal.json'), 'utf8'));
    const listening = listeningOf(dev.child.pid ?? 0);
    expect(listening.filter(({ address }) => !LOOPBACK.test(address))).toEqual([]);
    const pids = new Set(listening.map(({ pid }) => pid));
    expect([...pids].sort()).toEqual([state.keeperPid, state.serverPid, dev.child.pid].sort());
    const ports = listening.map(({ address }) => Number(address.split(':').at(-1)));
    expect(ports).toEqual(expect.arrayContaining([state.leasePort, state.ports.grpc, state.ports.ui]));
    dev.child.kill('SIGTERM');
    await dev.done;

    const own = listeningOf(process.pid).map(({ address }) => address);
    expect(own).toContain(`127.0.0.1:${new URL(scene.sandbox.baseUrl).port}`);
  });

  it('is seen by this test where it would listen elsewhere', async () => {
    scene = await setScene(1);
    for (const [host, shown] of [
      ['0.0.0.0', /^0\.0\.0\.0:/],
      ['::', /^\[0{32}\]:/],
    ] as const) {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, host, resolve));
      const strangers = listeningOf(process.pid).filter(({ address }) => !LOOPBACK.test(address));
      expect(strangers.map(({ address }) => address)).toEqual([expect.stringMatching(shown)]);
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
