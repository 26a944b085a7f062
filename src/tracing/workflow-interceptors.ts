/**
 * Temporal's interceptors inside a workflow, for the traced bundles alone. A run may be begun by a worker with traces
 * and gone on with by one without, so they must not change in which order things happen: each hands back the very promise
 * of the call that it follows, and its span ends beside it.
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

/** `traced` calls `next` before it waits for anything. */
const beside =
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
 * No span for what is not in the history: queries, and looking at an update before it is taken. Span ids follow from
 * those before, and after a replay they would come out as others.
 */
function inbound(): WorkflowInboundCallsInterceptor {
  const traced = new OpenTelemetryInboundInterceptor();
  return {
    execute: beside((input, next) => traced.execute(input, next)),
    handleSignal: beside((input, next) => traced.handleSignal(input, next)),
    handleUpdate: beside((input, next) => traced.handleUpdate(input, next)),
  };
}

function outbound(): WorkflowOutboundCallsInterceptor {
  const traced = new OpenTelemetryOutboundInterceptor();
  return {
    scheduleActivity: beside((input, next) => traced.scheduleActivity(input, next)),
    startChildWorkflowExecution: beside((input, next) => traced.startChildWorkflowExecution(input, next)),
    continueAsNew: (input, next) => traced.continueAsNew(input, next),
    signalWorkflow: beside((input, next) => traced.signalWorkflow(input, next)),
    getLogAttributes: (input, next) => traced.getLogAttributes(input, next),
  };
}

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [inbound()],
  outbound: [outbound()],
  internals: [new OpenTelemetryInternalsInterceptor()],
});
