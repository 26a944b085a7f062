import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP proxy that counts round trips. */
export interface LongLine {
  /** For TURSO_DATABASE_URL. */
  url: string;
  /**
   * Returns the bodies of the requests that `work` sends, grouped by round trip: the requests of one round trip were in
   * flight together, and each was sent before any of them was answered.
   */
  tripsOf(work: () => Promise<unknown>): Promise<string[][]>;
  close(): Promise<void>;
}

/** Milliseconds. While round trips are counted, answers wait until no request has come for this time. */
const QUIET_MS = 60;

export async function startLongLine(to: string): Promise<LongLine> {
  let trips: string[][] | null = null;
  let held: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  const release = (): void => {
    const all = held;
    held = [];
    for (const one of all) one();
  };
  /** Resolves when the round trip of this request is over. */
  const trip = (body: string): Promise<void> =>
    new Promise((resolve) => {
      if (trips === null) return resolve();
      if (held.length === 0) trips.push([]);
      trips.at(-1)?.push(body);
      held.push(resolve);
      clearTimeout(timer);
      timer = setTimeout(release, QUIET_MS);
    });
  const pass = async (
    path: string,
    headers: Record<string, string>,
    body: string,
    response: ServerResponse,
  ) => {
    const [answer] = await Promise.all([
      fetch(`${to}${path}`, { method: 'POST', headers, body }),
      trip(body),
    ]);
    response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const type = request.headers['content-type'] ?? '';
      pass(request.url ?? '', { 'Content-Type': type }, body, response).catch(() => response.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async tripsOf(work) {
      const counted: string[][] = [];
      trips = counted;
      try {
        await work();
      } finally {
        trips = null;
        release();
      }
      return counted;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
