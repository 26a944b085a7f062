import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findTemporalCli } from '../../src/local/temporal/find-binary.js';
import { cacheDir } from '../support/places.js';

/** A Temporal server of its own; tests that run at the same time take a namespace each. */
export async function startTemporal(namespaces: readonly string[] = []): Promise<TestWorkflowEnvironment> {
  const path = await findTemporalCli({ pathVar: process.env.PATH ?? '', cacheDir, log: () => undefined });
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      extraArgs: namespaces.flatMap((name) => ['--namespace', name]),
    },
  });
}
