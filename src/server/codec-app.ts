import type { Payload } from '@temporalio/common';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { type CodecGuardOptions, codecGuard } from './codec-guard.js';
import { type Refusal, refusalOf, refuse } from './refuse.js';
import { securityHeaders } from './security-headers.js';

export interface CodecAppOptions extends CodecGuardOptions {
  codec: Record<'encode' | 'decode', (payloads: Payload[]) => Promise<Payload[]>>;
  /** Called with the message of each refusal, which Temporal's CLI does not show. It never contains payload data. */
  refused(sentence: string): void;
}

/** Bytes. A page of a history has at most 4 MB, and base64 adds a third. */
const LARGEST_BODY = 8 * 2 ** 20;

const base64 = z.string().regex(/^[\w+/-]*={0,2}$/);
const body = z.object({
  payloads: z
    .array(z.object({ metadata: z.record(z.string(), base64).nullish(), data: base64.nullish() }))
    .default([]),
});

/** Creates the app of Temporal's remote codec protocol: POST …/encode and …/decode, payloads as protobuf's JSON. */
export function createCodecApp({ codec, refused, ...guarded }: CodecAppOptions): Hono {
  const app = new Hono();
  app.use(securityHeaders([]));
  app.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
    if (c.res.status >= 400) refused(((await c.res.clone().json()) as Refusal).detail);
  });
  app.use(codecGuard(guarded));
  app.use(
    bodyLimit({
      maxSize: LARGEST_BODY,
      onError: (c) => refuse(c, 413, 'too-large', 'the request has more than 8 MiB: send less'),
    }),
  );
  app.all('*', async (c) => {
    const work = c.req.path.split('/').at(-1);
    if (work !== 'encode' && work !== 'decode')
      return refuse(c, 404, 'not-found', 'there is nothing here: ask …/decode or …/encode');
    if (c.req.method !== 'POST') {
      c.header('Allow', 'POST');
      return refuse(c, 405, 'method', `…/${work} answers to POST`);
    }
    if (!/^application\/json(?:\s*;|$)/i.test(c.req.header('content-type') ?? ''))
      return refuse(c, 415, 'media-type', 'the body must be JSON: send Content-Type: application/json');
    const parsed = body.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success)
      return refuse(
        c,
        400,
        'usage',
        'the body is no list of payloads: send {"payloads": [{"metadata": {…}, "data": "…"}]}, with values in base64',
      );
    return c.json({ payloads: (await codec[work](parsed.data.payloads.map(fromJson))).map(toJson) });
  });
  app.onError((error, c) => refusalOf(error, c, () => undefined));
  return app;
}

type JsonPayload = z.output<typeof body>['payloads'][number];

const fromJson = ({ metadata, data }: JsonPayload): Payload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
  ),
  ...(data != null && { data: Buffer.from(data, 'base64') }),
});

const toJson = ({ metadata, data }: Payload): JsonPayload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
  ),
  ...(data != null && { data: Buffer.from(data).toString('base64') }),
});
