/**
 * Temporal's interceptors inside a workflow, only in the traced bundles. A worker with traces may begin a run that a
 * worker without them continues, so the interceptors must not change the order of events: each returns the very promise
 * of the call that it wraps, and its span ends independently.
 */
import {
  OpenTelemetryInboundInterceptor,
  OpenTelemetryInternalsInterceptor,
  OpenTelemetryOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry-v2/lib/workflow/index.js';
import type {
  WorkflowInboundCallsInterceptor,
  WorkflowInterceptors,
  WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow';

type Call<Input, Output> = (input: Input, next: (input: Input) => Promise<Output>) => Promise<Output>;

/** Returns the promise of `next` instead of the traced one. `traced` must call `next` synchronously. */
const withDetachedSpan =
  <Input, Output>(traced: Call<Input, Output>): Call<Input, Output> =>
  (input, next) => {
    let called: Promise<Output> | undefined;
    const spanned = traced(input, (withHeaders) => {
      called = next(withHeaders);
      return called;
    });
    if (called === undefined) return spanned;
    spanned.catch(() => undefined);
    return called;
  };

/**
 * Queries and update validators get no span, since they are not in the history: span ids depend on the ids before, so
 * that a replay would produce other ones.
 */
function inbound(): WorkflowInboundCallsInterceptor {
  const traced = new OpenTelemetryInboundInterceptor();
  return {
    execute: withDetachedSpan((input, next) => traced.execute(input, next)),
    handleSignal: withDetachedSpan((input, next) => traced.handleSignal(input, next)),
    handleUpdate: withDetachedSpan((input, next) => traced.handleUpdate(input, next)),
  };
}

function outbound(): WorkflowOutboundCallsInterceptor {
  const traced = new OpenTelemetryOutboundInterceptor();
  return {
    scheduleActivity: withDetachedSpan((input, next) => traced.scheduleActivity(input, next)),
    startChildWorkflowExecution: withDetachedSpan((input, next) =>
      traced.startChildWorkflowExecution(input, next),
    ),
    continueAsNew: (input, next) => traced.continueAsNew(input, next),
    signalWorkflow: withDetachedSpan((input, next) => traced.signalWorkflow(input, next)),
    getLogAttributes: (input, next) => traced.getLogAttributes(input, next),
  };
}

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [inbound()],
  outbound: [outbound()],
  internals: [new OpenTelemetryInternalsInterceptor()],
});
