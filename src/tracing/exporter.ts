import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { ExportResultCode } from '@opentelemetry/core';
import { convertLegacyHttpOptions } from '@opentelemetry/otlp-exporter-base/node-http';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Protocol } from './asked.js';

/** OTLP over HTTP. OpenTelemetry's own exporter retries for ten seconds, and the process cannot end meanwhile. */
export interface Exporter extends SpanExporter {
  /** Sends the pending spans and waits at most `withinMs`, without retries. Never rejects. */
  finish(flush: () => Promise<void>, withinMs: number): Promise<void>;
}

const RETRIES = 3;
const FIRST_WAIT_MS = 1000;
const SHORT_WAIT_MS = 100;
/** Statuses that may be retried, according to the protocol. */
const PASSING = new Set([429, 502, 503, 504]);

/** The collector's answer is not a success. */
class Refused extends Error {
  constructor(readonly status: number) {
    super(`it answered ${status}`);
  }
}

/**
 * Creates an exporter from OTEL_EXPORTER_OTLP_* of process.env. `lost` is called with the destination and the reason
 * when spans are lost.
 */
export function createExporter(protocol: Protocol, lost: (place: string, why: Error) => void): Exporter {
  const json = protocol === 'http/json';
  const serializer = json ? JsonTraceSerializer : ProtobufTraceSerializer;
  const options = convertLegacyHttpOptions({}, 'TRACES', 'v1/traces', {
    'Content-Type': json ? 'application/json' : 'application/x-protobuf',
  });
  const { origin, pathname } = new URL(options.url);
  const sending = new Set<Promise<void>>();
  let ending = new AbortController();
  let hurried = false;
  /** The last wait for the collector timed out, so the next one is short. */
  let silent = false;

  const post = async (body: Buffer, signal: AbortSignal): Promise<void> => {
    const url = new URL(options.url);
    const gzip = options.compression === 'gzip';
    const headers = { ...(await options.headers()), ...(gzip && { 'Content-Encoding': 'gzip' }) };
    const agent = await options.agentFactory(url.protocol);
    const status = await new Promise<number>((resolve, reject) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const sent = send(url, { method: 'POST', headers, agent, signal }, (answer) => {
        answer.on('error', reject).on('end', () => resolve(answer.statusCode ?? 0));
        answer.resume();
      });
      const late = setTimeout(() => sent.destroy(new Error('it does not answer')), options.timeoutMillis);
      sent
        .on('error', reject)
        .on('close', () => clearTimeout(late))
        .end(gzip ? gzipSync(body) : body);
    });
    if (status < 200 || status > 299) throw new Refused(status);
  };

  const deliver = async (body: Buffer): Promise<void> => {
    // Read once: `ending` may have been replaced by the time this request ends.
    const { signal } = ending;
    for (let tries = 0; ; tries++)
      try {
        await post(body, signal);
        silent = false;
        return;
      } catch (error) {
        const passes = !(error instanceof Refused) || PASSING.has(error.status);
        if (!passes || hurried || signal.aborted || tries === RETRIES) throw error;
        // With `ref: false` the retry timer does not keep the process alive.
        await wait(FIRST_WAIT_MS * 2 ** tries, undefined, { ref: false, signal });
      }
  };

  return {
    export(spans, done) {
      const body = Buffer.from(serializer.serializeRequest(spans) ?? []);
      const way = deliver(body)
        .then(
          () => done({ code: ExportResultCode.SUCCESS }),
          (error: Error) => {
            lost(origin + pathname, error);
            done({ code: ExportResultCode.FAILED, error });
          },
        )
        .finally(() => sending.delete(way));
      sending.add(way);
    },
    async finish(flush, withinMs) {
      hurried = true;
      const over = new AbortController();
      const sent = flush()
        .catch(() => undefined)
        .then(() => Promise.all(sending))
        .then(() => true);
      const late = wait(silent ? SHORT_WAIT_MS : withinMs, false, { signal: over.signal }).catch(() => false);
      if (!(await Promise.race([sent, late]))) silent = true;
      over.abort();
      ending.abort(new Error('it does not answer'));
      ending = new AbortController();
      hurried = false;
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}
