import { asyncLocalStorage, type Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** Which run and batch an activity works for, kept for as long as its context lives. */
const subjects = new WeakMap<Context, Record<string, string>>();

/** Records what each activity works for, and adds it to the SDK's own log lines about that activity. */
export const noteSubject: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    execute(input, next) {
      subjects.set(context, subjectOf(input.args[0]));
      return next(input);
    },
  },
  outbound: {
    getLogAttributes: (input, next) => next({ ...input, ...subjects.get(context) }),
  },
});

/** Returns the fields of every line written inside an activity: workflow, run, batch, activity and attempt. */
export function activityFields(): Record<string, string | number> {
  const context = asyncLocalStorage.getStore();
  if (context === undefined) return {};
  const { workflowExecution, activityType, attempt } = context.info;
  return {
    ...(workflowExecution !== undefined && {
      workflow: workflowExecution.workflowId,
      execution: workflowExecution.runId,
    }),
    activity: activityType,
    attempt,
    ...subjects.get(context),
  };
}

/** Returns the run's id and the batch's. Every activity's input holds the run's id, in its plan or at the top level. */
function subjectOf(input: unknown): Record<string, string> {
  const { plan, runId, batchId } = (input ?? {}) as {
    plan?: { runId?: unknown };
    runId?: unknown;
    batchId?: unknown;
  };
  const run = plan?.runId ?? runId;
  return {
    ...(typeof run === 'string' && { run }),
    ...(typeof batchId === 'string' && { batch: batchId }),
  };
}
