import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a gate says itself instead of the provider. */
export interface Refusal {
  status: number;
  message: string;
}

/** Stands between the product and the sandbox, and stops requests or answers at an exact moment. */
export interface Gate {
  /** For OPENROUTER_BASE_URL. */
  baseUrl: string;
  /** From now on requests wait before the provider sees them, or answers after it has charged for them. */
  hold(what: 'request' | 'answer'): void;
  /** Resolves once so many wait. */
  held(count: number): Promise<void>;
  /** Holds no more; resolves once all that waited was handed over. */
  open(): Promise<void>;
  /** Refuses every request for embeddings after so many more; null: none any more. */
  refuse(refusal: Refusal | null, after?: number): void;
  /** Requests for embeddings that the gate refused. */
  refused(): number;
  /** Texts of every request for embeddings that came, in order. */
  sent: string[][];
  close(): Promise<void>;
}

/** `cache: false` keeps the provider's response cache out of it: whatever is sent again is paid for again. */
export async function startGate(provider: string, { cache = true } = {}): Promise<Gate> {
  const { origin } = new URL(provider);
  const waiting: { go: () => void; over: Promise<void> }[] = [];
  const sent: string[][] = [];
  let holding: 'request' | 'answer' | null = null;
  let refusal: Refusal | null = null;
  let left = 0;
  let refused = 0;

  const wait = (response: ServerResponse): Promise<void> =>
    new Promise((go) => {
      const over = new Promise<void>((resolve) => response.once('close', resolve));
      waiting.push({ go, over });
    });

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const buying = request.method === 'POST' && request.url?.endsWith('/embeddings') === true;
    if (buying) {
      sent.push((JSON.parse(body) as { input: string[] }).input);
      if (refusal !== null && left-- <= 0) {
        refused += 1;
        response.writeHead(refusal.status, { 'content-type': 'application/json' });
        return void response.end(
          JSON.stringify({ error: { code: refusal.status, message: refusal.message } }),
        );
      }
      if (holding === 'request') await wait(response);
      // Whoever asked is gone: the provider never hears of it.
      if (response.destroyed) return;
    }
    const headers = new Headers(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    for (const name of ['host', 'connection', 'content-length', 'transfer-encoding', 'expect'])
      headers.delete(name);
    if (!cache) headers.delete('x-openrouter-cache');
    const answer = await fetch(`${origin}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      ...(request.method === 'POST' && { body }),
    }).catch(() => null);
    if (answer === null) return void response.destroy();
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (buying && holding === 'answer') await wait(response);
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'application/json',
      'x-openrouter-cache-status': answer.headers.get('x-openrouter-cache-status') ?? 'MISS',
    });
    response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`,
    sent,
    hold: (what) => {
      holding = what;
    },
    async held(count) {
      while (waiting.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    async open() {
      holding = null;
      const all = waiting.splice(0);
      for (const { go } of all) go();
      await Promise.all(all.map(({ over }) => over));
    },
    refuse(next, after = 0) {
      refusal = next;
      left = after;
    },
    refused: () => refused,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
