import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { FailureType } from '../../contract/failure.js';
import type { BatchCommit } from '../../engines/types.js';
import type { Limiter } from '../../providers/pacing/limiter.js';
import type { Throttle } from '../../providers/pacing/throttle.js';

/** How a request ended, as a class of HTTP status, so that the label has few values. `none`: no answer came. */
const STATUS_CLASSES = ['2xx', '3xx', '429', '4xx', '5xx', 'invalid', 'none'] as const;
export type StatusClass = (typeof STATUS_CLASSES)[number];

/** What a worker counts. One object per worker; nothing is registered globally. */
export interface Instruments {
  /** Counts a request, with or without an answer. */
  request(status: StatusClass, seconds: number, fromCache: boolean): void;
  /** Counts what one transaction of the store wrote. Called after the commit. */
  committed(
    batch: Pick<BatchCommit, 'vectors' | 'copies' | 'failures' | 'settlements'>,
    seconds: number,
  ): void;
  /** Registers gauges that read in-flight limit, gate and pace of these on each scrape. */
  watch(limiter: Limiter, throttle: Throttle): void;
  /** Returns Prometheus' text format. */
  text(): Promise<string>;
  contentType: string;
}

const LATENCY_BUCKETS = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 60];
const COMMIT_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5, 30];
const FAILURE_REASONS = [
  FailureType.Transient,
  FailureType.Rejected,
  FailureType.InvalidResponse,
  FailureType.Deleted,
  FailureType.Unreadable,
];

/** Creates the worker's own metrics, all named `embeddings_…`, besides Node's. `about` becomes their labels. */
export function createInstruments(about: {
  version: string;
  buildId: string | null;
  collection: string;
}): Instruments {
  const registry = new Registry();
  registry.setDefaultLabels({ collection: about.collection });
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name: `embeddings_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `embeddings_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });

  new Gauge({
    name: 'embeddings_worker_info',
    help: 'Always 1; says which release and build this worker is',
    labelNames: ['version', 'build_id'],
    registers,
  }).set({ version: about.version, build_id: about.buildId ?? '' }, 1);

  const stored = counter('samples_stored_total', 'Vectors stored, bought or copied from an identical text', [
    'how',
  ]);
  for (const how of ['bought', 'copied']) stored.inc({ how }, 0);
  const failed = counter('samples_failed_total', 'Samples written down as failed, by reason', ['reason']);
  for (const reason of FAILURE_REASONS) failed.inc({ reason }, 0);
  const tokens = counter('tokens_total', 'Tokens of settled requests');
  const requests = counter('provider_requests_total', 'Requests to the provider, by class of their status', [
    'status',
  ]);
  for (const status of STATUS_CLASSES) requests.inc({ status }, 0);
  const cached = counter('provider_cache_hits_total', "Requests answered free by the provider's cache");
  const uncertain = counter(
    'requests_uncertain_total',
    'Requests that may have been billed without an answer',
  );
  const latency = new Histogram({
    name: 'embeddings_provider_latency_seconds',
    help: 'From sending a request to the last byte of its answer',
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const commits = new Histogram({
    name: 'embeddings_store_commit_seconds',
    help: "One batch's transaction, the wait for its turn included",
    buckets: COMMIT_BUCKETS,
    registers,
  });

  /** Summed as an integer and converted to dollars on each scrape, so that rounding errors do not add up. */
  let costNanos = 0;
  new Counter({
    name: 'embeddings_cost_dollars_total',
    help: 'US dollars of settled requests',
    registers,
    collect() {
      this.reset();
      this.inc(costNanos / 1e9);
    },
  });

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    request(status, seconds, fromCache) {
      requests.inc({ status });
      if (status !== 'none') latency.observe(seconds);
      if (fromCache) cached.inc();
    },
    committed({ vectors, copies, failures, settlements }, seconds) {
      commits.observe(seconds);
      stored.inc({ how: 'bought' }, vectors.length);
      stored.inc({ how: 'copied' }, copies.length);
      for (const { reason } of failures) failed.inc({ reason: known(reason) });
      for (const settlement of settlements) {
        if (settlement.status === 'uncertain') uncertain.inc();
        tokens.inc(settlement.tokens ?? 0);
        costNanos += settlement.costNanos ?? 0;
      }
    },
    watch(limiter, throttle) {
      gauge('requests_in_flight', 'Requests that hold a place now', () => limiter.active);
      gauge('requests_waiting', 'Batches that wait for a place', () => limiter.waiting);
      gauge(
        'requests_limit',
        'Places: what this worker may have in flight at once, CONCURRENCY',
        () => limiter.limit,
      );
      gauge('gate_closed', '1 while a 429 keeps this worker from sending, else 0', () =>
        throttle.gate.closed ? 1 : 0,
      );
      gauge(
        'learned_requests_per_minute',
        'The pace learned from 429s; 0: none',
        () => throttle.perMinute ?? 0,
      );
      new Counter({
        name: 'embeddings_gate_seconds_total',
        help: 'For how long 429s kept this worker from sending',
        registers,
        collect() {
          this.reset();
          this.inc(throttle.gate.closedMs / 1000);
        },
      });
    },
  };
}

/** Returns `other` for a reason that is not known, so that the label has few values. */
const known = (reason: string): string =>
  (FAILURE_REASONS as readonly string[]).includes(reason) ? reason : 'other';
