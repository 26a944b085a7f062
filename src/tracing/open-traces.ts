/** The only entry to the modules that use OpenTelemetry's SDK: loaded by traces.ts, bundled with them into one file. */
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, NoopSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { exportProblem, protocolOf } from './asked.js';
import { cleaning } from './clean-spans.js';
import { createExporter } from './exporter.js';
import { activityInterceptors, clientInterceptors, noteType, workflowSinks } from './interceptors.js';
import { createTrouble } from './trouble.js';
import type { Traces } from './types.js';

const NAME = 'sample-embeddings';
const FLUSH_WITHIN_MS = 2000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens traces as the environment asks. If spans cannot be sent that way, they are dropped, and one sentence names the
 * cure.
 */
export function openTraces(env: Environment, version: string): Traces {
  const trouble = createTrouble();
  const wrong = exportProblem(env);
  if (wrong !== null) trouble.say(`There are no traces: ${wrong}`);
  const exporter = wrong === null ? createExporter(protocolOf(env), reportLostSpans(trouble.say)) : null;
  const processor = exporter === null ? new NoopSpanProcessor() : cleaning(new BatchSpanProcessor(exporter));
  const resource = resourceFromAttributes({ 'service.name': NAME, 'service.version': version }).merge(
    detectResources({ detectors: [envDetector] }),
  );
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  const tracer = provider.getTracer(NAME, version);
  // A host program's own context manager and propagator stay in place: both carry the same context.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());

  return {
    span(name, { attributes = {}, client = false }, act) {
      const active = context.active();
      const parent =
        trace.getSpan(active) === undefined ? propagation.extract(active, carrierOf(env)) : active;
      const kind = client ? SpanKind.CLIENT : SpanKind.INTERNAL;
      return tracer.startActiveSpan(name, { kind, attributes }, parent, async (span) => {
        try {
          return await act((more) => void span.setAttributes(more));
        } catch (error) {
          noteType(span, error);
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      });
    },
    client: clientInterceptors(tracer),
    worker: {
      activity: activityInterceptors(tracer),
      sinks: workflowSinks(processor, resource),
    },
    onTrouble: trouble.on,
    flush: () => exporter?.finish(() => processor.forceFlush(), FLUSH_WITHIN_MS) ?? Promise.resolve(),
  };
}

/** Reads the trace context that a parent program passes in TRACEPARENT and TRACESTATE. */
const carrierOf = ({ TRACEPARENT, TRACESTATE }: Environment): Record<string, string> => ({
  ...(TRACEPARENT !== undefined && { traceparent: TRACEPARENT }),
  ...(TRACESTATE !== undefined && { tracestate: TRACESTATE }),
});

const reportLostSpans =
  (say: (sentence: string) => void) =>
  (place: string, why: Error): void => {
    const { code } = why as NodeJS.ErrnoException;
    const how = code === 'ABORT_ERR' ? 'it does not answer' : (code ?? why.message);
    say(
      `Traces are lost: the collector at ${place} does not accept them (${how}). Start it, or correct ` +
        'OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS, or unset them; everything else works without traces',
    );
  };
