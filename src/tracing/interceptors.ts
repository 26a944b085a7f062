import { type Span, type Tracer, trace } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry-v2/lib/client/index.js';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry-v2/lib/worker/index.js';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { Sinks, WorkflowInfo } from '@temporalio/workflow';

/** Queries and descriptions are not traced: a command that watches a run asks several times a second. */
class ClientInterceptor extends OpenTelemetryWorkflowClientInterceptor {
  override query: NonNullable<WorkflowClientInterceptor['query']> = (input, next) => next(input);
  override describe: NonNullable<WorkflowClientInterceptor['describe']> = (input, next) => next(input);
}

export const clientInterceptors = (tracer: Tracer): WorkflowClientInterceptor[] => [
  new ClientInterceptor({ tracer }),
];

/** Returns Temporal's own interceptors, and one that adds to their span what type of failure ended the activity. */
export const activityInterceptors = (tracer: Tracer): ActivityInterceptorsFactory[] => [
  (context) => ({
    inbound: new OpenTelemetryActivityInboundInterceptor(context, { tracer }),
    outbound: new OpenTelemetryActivityOutboundInterceptor(context),
  }),
  ({ info }) => ({
    inbound: {
      async execute(input, next) {
        const span = trace.getActiveSpan();
        span?.setAttribute('embeddings.attempt', info.attempt);
        try {
          return await next(input);
        } catch (error) {
          noteType(span, error);
          throw error;
        }
      },
    },
  }),
];

/** Adds the error's type to the span: our errors have a `type` of their own. */
export function noteType(span: Span | undefined, error: unknown): void {
  const { type, name } = (error ?? {}) as { type?: unknown; name?: unknown };
  span?.setAttribute('error.type', typeof type === 'string' ? type : String(name ?? 'Error'));
}

/**
 * Returns the sinks that receive a workflow's spans from its isolate. Temporal's own sink adds all that it knows of the
 * workflow, including its memo, which contains the request; these pass only names and ids.
 */
export function workflowSinks(processor: SpanProcessor, resource: Resource): InjectedSinks<Sinks> {
  const inner = makeWorkflowExporter(processor, resource);
  return {
    exporter: {
      export: {
        fn: ({ workflowId, runId, workflowType, taskQueue, namespace }: WorkflowInfo, ...spans: never[]) =>
          inner.export.fn(
            { workflowId, runId, workflowType, taskQueue, namespace } as WorkflowInfo,
            ...(spans as unknown as Parameters<typeof inner.export.fn> extends [unknown, ...infer Rest]
              ? Rest
              : never),
          ),
      },
    },
  };
}
