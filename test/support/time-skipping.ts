import { fileURLToPath } from 'node:url';
import { ApplicationFailure } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import type { Activities, EmbedBatchInput, EmbedBatchResult } from '../../src/contract/activities.js';
import { FailureType } from '../../src/contract/failure.js';
import { TASK_QUEUE } from '../../src/contract/names.js';
import type { RunRequest } from '../../src/contract/request.js';
import { findTestServer } from '../../src/local/temporal/find-binary.js';
import { cacheDir } from './places.js';
import { runRequest } from './run-request.js';

export const request = (change: Partial<RunRequest> = {}): RunRequest =>
  runRequest({ concurrency: 2, ...change });

/** Returns a result in which every sample of the batch was stored at 20 nanodollars. */
export const stored = (input: EmbedBatchInput, count = 100): EmbedBatchResult => ({
  stored: count,
  copied: 0,
  unchanged: 0,
  failed: 0,
  noted: 0,
  requests: 1,
  tokens: count,
  costNanos: count * 20,
  uncertainNanos: 0,
  pacePerMinute: null,
  lastId: Number(input.ids.split('-').at(-1)),
});

/** Creates activities for an imaginary catalog of full batches, `aPage` a page. `change` replaces some activities. */
export function fakeActivities(batches: number, change: Partial<Activities> = {}, aPage = 5): Activities {
  return {
    preflight: async ({ runId, startedAt, request: { batchSize, reset } }) => ({
      runId,
      startedAt,
      model: 'm',
      dimensions: 4,
      nanosPerToken: 20,
      batchSize,
      reset,
      expected: batches * 100,
    }),
    planPage: async ({ after, nextBatch }) => {
      const from = after ?? 0;
      const upTo = Math.min(batches, nextBatch - 1 + aPage);
      const page = Array.from({ length: upTo - (nextBatch - 1) }, (_, index) => {
        const number = nextBatch + index;
        return {
          id: `b${number}`,
          ids: `${(number - 1) * 100 + 1}-${number * 100}`,
          count: 100,
          tokensBound: 100,
        };
      });
      const selected = page.length * 100;
      const leftover = { ids: '', tokensBound: 0 };
      return {
        after: from + selected,
        done: upTo >= batches,
        batches: page,
        leftover,
        selected,
        unchanged: 0,
        failed: 0,
      };
    },
    embedBatch: async (input) => stored(input),
    // Takes 20 ms, and reports what the batch's attempts may have cost.
    failBatch: async ({ ids, attempts }) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return {
        ...stored({ ids } as EmbedBatchInput, 0),
        failed: 100,
        requests: attempts,
        uncertainNanos: attempts * 2000,
      };
    },
    pruneSlice: async () => ({ table: 'failures', after: null, done: true, pruned: 0 }),
    recordRun: async () => undefined,
    countStored: async () => ({ byRun: Number.MAX_SAFE_INTEGER, all: Number.MAX_SAFE_INTEGER }),
    ...change,
  };
}

/** Creates the failure of an activity, as the workflow receives it. */
export const failure = (
  type: string,
  message: string,
  retryAfterMs: number | null = null,
): ApplicationFailure =>
  ApplicationFailure.create({
    message,
    type,
    details: [{ retryAfterMs }],
    nonRetryable: type !== FailureType.Transient,
  });

const bundles = new Map<boolean, Promise<WorkflowBundleWithSourceMap>>();
const sourceOf = (name: string): string => fileURLToPath(new URL(`../../src/${name}`, import.meta.url));

/** Bundles the workflows of `src`, once per process. `traced`: as when OTEL_* requests traces; default false. */
export const workflowBundle = (traced = false): Promise<WorkflowBundleWithSourceMap> => {
  const bundle =
    bundles.get(traced) ??
    bundleWorkflowCode({
      workflowsPath: sourceOf('workflows/index.ts'),
      ...(traced && { workflowInterceptorModules: [sourceOf('tracing/workflow-interceptors.ts')] }),
      logger: new DefaultLogger('ERROR'),
      // Sources import each other as `.js`, as Node requires.
      webpackConfigHook: (config) => ({
        ...config,
        resolve: { ...config.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
      }),
    });
  bundles.set(traced, bundle);
  return bundle;
};

export async function timeSkippingServer(): Promise<TestWorkflowEnvironment> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const path = await findTestServer({ pathVar: process.env.PATH ?? '', cacheDir, log: () => undefined });
  return TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
}

export async function workerOf(env: TestWorkflowEnvironment, activities: Activities): Promise<Worker> {
  return Worker.create({
    connection: env.nativeConnection,
    taskQueue: TASK_QUEUE,
    workflowBundle: await workflowBundle(),
    activities,
  });
}
