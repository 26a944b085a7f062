import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A proxy for a libSQL server that delays each request, and records which requests waited for others. */
export interface FarStore {
  url: string;
  /** Returns the number of requests since the last call, and how many of them, at least, ran one after another. */
  trips(): { requests: number; inARow: number };
  close(): Promise<void>;
}

export async function startFarStore(target: string, roundTripMs: number): Promise<FarStore> {
  let seen: { began: number; ended: number }[] = [];
  const server = createServer(async (request, response) => {
    const trip = { began: performance.now(), ended: Number.POSITIVE_INFINITY };
    seen.push(trip);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    await wait(roundTripMs);
    const { method, headers, url } = request;
    const onward = send(`${target}${url}`, { method, headers }, async (answer) => {
      const answers: Buffer[] = [];
      for await (const part of answer) answers.push(part as Buffer);
      trip.ended = performance.now();
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.end(Buffer.concat(answers));
    });
    onward.on('error', () => response.destroy());
    onward.end(Buffer.concat(parts));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    trips() {
      const depths: { ended: number; depth: number }[] = [];
      for (const { began, ended } of seen) {
        const before = depths.filter((each) => each.ended <= began).map(({ depth }) => depth);
        depths.push({ ended, depth: 1 + Math.max(0, ...before) });
      }
      const requests = seen.length;
      seen = [];
      return { requests, inARow: Math.max(0, ...depths.map(({ depth }) => depth)) };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
