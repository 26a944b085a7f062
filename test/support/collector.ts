import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  status: { code?: number; message?: string };
  attributes: Record<string, unknown>;
  events: { name: string; attributes?: unknown[] }[];
}

/** A collector that receives spans by OTLP over HTTP, in JSON. */
export interface Collector {
  endpoint: string;
  spans(): CollectedSpan[];
  /** Returns all request bodies unchanged, as latin1. */
  bytes(): string;
  headers(): Record<string, unknown>[];
  /** Sets the status that it answers; `never`: no answer. Default 200. */
  answer(how: number | 'never'): void;
  close(): Promise<void>;
}

type Value = Record<string, unknown>;
interface Body {
  resourceSpans: {
    scopeSpans: { spans: (Omit<CollectedSpan, 'attributes'> & { attributes: Attribute[] })[] }[];
  }[];
}
interface Attribute {
  key: string;
  value: Value;
}

export async function startCollector(): Promise<Collector> {
  const bodies: Buffer[] = [];
  const heads: Record<string, unknown>[] = [];
  let how: number | 'never' = 200;
  const server = createServer(async (request, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    heads.push({ ...request.headers, url: request.url });
    bodies.push(Buffer.concat(chunks));
    if (how === 'never') return;
    answer.writeHead(how, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => bodies.flatMap((body) => spansOf(JSON.parse(body.toString()) as Body)),
    bytes: () => Buffer.concat(bodies).toString('latin1'),
    headers: () => heads,
    answer(next) {
      how = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const spansOf = ({ resourceSpans }: Body): CollectedSpan[] =>
  resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .map((span) => ({
      ...span,
      attributes: Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
    }));
