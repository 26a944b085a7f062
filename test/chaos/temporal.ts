import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findTemporalCli } from '../../src/local/temporal/find-binary.js';
import { openClusterNamespaces } from '../cluster/namespaces.mjs';
import { cacheDir } from '../support/places.js';

/**
 * A Temporal server of its own; tests that run at the same time take a namespace each. With EMBEDDINGS_TEST_CLUSTER it
 * is that cluster's, and `namespace` one that its own workers leave alone.
 */
export async function startTemporal(
  namespaces: readonly string[] = [],
  /** Of the server's dynamic configuration. */
  configuration: Readonly<Record<string, number>> = {},
): Promise<TestWorkflowEnvironment> {
  const folder = process.env.EMBEDDINGS_TEST_CLUSTER;
  if (folder !== undefined) {
    const address = await openClusterNamespaces(folder, ['tests', ...namespaces]);
    return TestWorkflowEnvironment.createFromExistingServer({ address, namespace: 'tests' });
  }
  const path = await findTemporalCli({ pathVar: process.env.PATH ?? '', cacheDir, log: () => undefined });
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      extraArgs: [
        ...namespaces.flatMap((name) => ['--namespace', name]),
        ...Object.entries(configuration).flatMap((each) => ['--dynamic-config-value', each.join('=')]),
      ],
    },
  });
}
