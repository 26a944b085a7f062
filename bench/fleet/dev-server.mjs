import { homedir } from 'node:os';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findTemporalCli } from '../../dist/local/temporal/find-binary.js';

/** Starts a Temporal dev server for the bench alone, with these namespaces. */
export async function startDevServer(namespaces) {
  const cacheDir = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sample-embeddings');
  const path = await findTemporalCli({ pathVar: process.env.PATH ?? '', cacheDir, log: () => undefined });
  const env = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      extraArgs: namespaces.flatMap((name) => ['--namespace', name]),
    },
  });
  return { address: env.address, stop: () => env.teardown() };
}
