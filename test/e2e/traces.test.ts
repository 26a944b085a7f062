import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CollectedSpan, type Collector, startCollector } from '../support/collector.js';
import { json, type Scene, setScene } from './scene.js';

const SECRET = 'canary-collector-token';
let scene: Scene;
let collector: Collector;
const traced = (more: Record<string, string> = {}): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=${SECRET}`,
  BATCH_SIZE: '10',
  ...more,
});
beforeEach(async () => {
  scene = await setScene(30);
  collector = await startCollector();
});
afterEach(async () => {
  await scene.close();
  await collector.close();
});

/** The names from a span up to its root. */
function chain(spans: readonly CollectedSpan[], span: CollectedSpan | undefined): string[] {
  if (span === undefined) return [];
  const above = spans.find(({ spanId }) => spanId === span.parentSpanId);
  if (span.parentSpanId !== undefined && above === undefined) return [span.name, 'a span that is missing'];
  return [span.name, ...chain(spans, above)];
}

const TO_THE_BATCH = [
  'RunActivity:embedBatch',
  'StartActivity:embedBatch',
  'RunWorkflow:embedSamples',
  'StartWorkflow:embedSamples',
  'embeddings generate',
];

describe('a run with OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  it('is one trace, from the command to each request and each transaction', async () => {
    scene.sandbox.setFaults([
      { fault: { kind: 'status', status: 500, message: 'canary sentence' }, times: 1 },
    ]);
    const run = await scene.run(['--all', '--json'], traced());
    expect(run.stderr).not.toContain('Traces');
    expect(json(run)).toMatchObject({ state: 'completed', stored: 30 });
    const spans = collector.spans();
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    const ways = spans.map((span) => chain(spans, span));
    expect(ways.flat()).not.toContain('a span that is missing');
    const requests = spans.filter(({ name }) => name === 'POST /embeddings');
    expect(requests).toHaveLength(4);
    for (const request of requests)
      expect(chain(spans, request)).toEqual(['POST /embeddings', ...TO_THE_BATCH]);
    for (const commit of spans.filter(({ name }) => name === 'commit'))
      expect(chain(spans, commit)).toEqual(['commit', ...TO_THE_BATCH]);
    const good = requests.find(({ attributes }) => attributes['http.response.status_code'] === 200);
    expect(good?.attributes).toMatchObject({
      'gen_ai.request.model': 'openai/text-embedding-3-small',
      'embeddings.texts': 10,
      'gen_ai.usage.input_tokens': expect.any(Number),
    });
    const bad = requests.find(({ attributes }) => attributes['http.response.status_code'] === 500);
    expect(bad?.status).toEqual({ code: 2 });
    expect(bad?.attributes).toMatchObject({ 'error.type': 'Transient' });
    const rows = spans.flatMap(({ name, attributes }) =>
      name === 'commit' ? [Number(attributes['embeddings.rows'])] : [],
    );
    expect(rows.reduce((sum, each) => sum + each, 0)).toBe(30);
    expect(collector.headers()[0]).toMatchObject({ authorization: SECRET, url: '/v1/traces' });
  }, 120_000);

  it('tells no key, no text, no sentence and nothing of the request', async () => {
    scene.sandbox.setFaults([{ fault: { kind: 'status', status: 402, message: 'canary sentence' } }]);
    const run = await scene.run(['--all', '--on-blocked', 'fail', '--json'], traced());
    expect(run.code).toBe(3);
    expect(collector.spans().map(({ name }) => name)).toContain('RunWorkflow:embedSamples');
    for (const word of ['sk-canary', SECRET, 'canary sentence', '"selection"', 'Title:', scene.path, '.js:'])
      expect(collector.bytes()).not.toContain(word);
  }, 120_000);

  it('joins the trace of the program that has started it', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await scene.run(['usage'], traced({ TRACEPARENT: `00-${traceId}-b7ad6b7169203331-01` }));
    expect(collector.spans()).toMatchObject([
      { name: 'embeddings usage', traceId, parentSpanId: 'b7ad6b7169203331' },
    ]);
  });

  it('is one trace over two processes, and a worker that SIGTERM ends sends what it still has', async () => {
    const env = traced({ OTEL_BSP_SCHEDULE_DELAY: '600000' });
    const dev = scene.start(['dev'], env);
    await dev.says('A worker is up');
    expect(json(await scene.run(['--all', '--json'], env))).toMatchObject({ state: 'completed', stored: 30 });
    expect(collector.spans().map(({ name }) => name)).not.toContain('commit');
    dev.child.kill('SIGTERM');
    expect((await dev.done).code).toBe(0);
    const spans = collector.spans();
    const commit = spans.find(({ name }) => name === 'commit');
    expect(chain(spans, commit)).toEqual(['commit', ...TO_THE_BATCH]);
  }, 120_000);

  it('is encrypted in Temporal all the same', async () => {
    const key = { EMBEDDINGS_CODEC_KEY: Buffer.alloc(32, 7).toString('base64') };
    expect(json(await scene.run(['--all', '--json'], traced(key)))).toMatchObject({ stored: 30 });
    const spans = collector.spans();
    const commit = spans.find(({ name }) => name === 'commit');
    expect(chain(spans, commit)).toEqual(['commit', ...TO_THE_BATCH]);
    expect(collector.bytes()).not.toContain(key.EMBEDDINGS_CODEC_KEY);
  }, 120_000);
});

describe('a collector that does not take spans', () => {
  it.each([
    ['is down', () => collector.close(), /ECONNREFUSED/],
    ['never answers', () => collector.answer('never'), /it does not answer/],
    ['refuses', () => collector.answer(401), /it answered 401/],
  ])(
    'that %s fails nothing, and is told of once',
    async (_what, make, why) => {
      await make();
      const run = await scene.run(['--all', '--json'], traced());
      expect(json(run)).toMatchObject({ state: 'completed', stored: 30 });
      expect(run.stderr).toMatch(why);
      expect(run.stderr.match(/Traces are lost/g)).toHaveLength(1);
      expect(run.stderr).not.toContain(SECRET);
    },
    120_000,
  );

  it.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', /There are no traces: OTEL_EXPORTER_OTLP_PROTOCOL is grpc/],
    ['OTEL_TRACES_EXPORTER', 'zipkin', /There are no traces: OTEL_TRACES_EXPORTER is zipkin/],
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'localhost:4318',
      /There are no traces: OTEL_EXPORTER_OTLP_ENDPOINT must be/,
    ],
  ])('by %s=%s is named with its cure', async (name, value, sentence) => {
    const run = await scene.run(['usage'], traced({ [name]: value }));
    expect(run.stderr).toMatch(sentence);
    expect(collector.bytes()).toBe('');
  });
});

/** Node's own account of what it loads, in both of its systems of modules. */
const LOADED = /(?:url: '|load ")([^'"]+)/g;

describe('without OTEL_*', () => {
  it.each([[{}], [{ OTEL_SDK_DISABLED: 'true' }], [{ OTEL_TRACES_EXPORTER: 'none' }]])(
    'nothing of OpenTelemetry is loaded (%o)',
    async (off) => {
      const env = Object.keys(off).length === 0 ? {} : traced(off);
      const run = await scene.run(['--all', '--json'], { ...env, NODE_DEBUG: 'esm,module' });
      expect(run.stdout).toContain('"completed"');
      const loaded = [...run.stderr.matchAll(LOADED)].map(([, file]) => file);
      expect(loaded.filter((file) => /\/start-worker/.test(file ?? ''))).not.toEqual([]);
      expect(loaded.filter((file) => /open-traces|opentelemetry/.test(file ?? ''))).toEqual([]);
      expect(collector.bytes()).toBe('');
    },
    120_000,
  );
});
