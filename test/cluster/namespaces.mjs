import { Client, Connection } from '@temporalio/client';
import { openNamespace } from './parts/temporal.mjs';
import { openIdentity, settingsOf } from './state.mjs';

/** Creates missing namespaces of the cluster in that folder and terminates their runs. Returns Temporal's address. */
export async function openClusterNamespaces(folder, namespaces) {
  const identity = await openIdentity(folder);
  const address = settingsOf(identity).TEMPORAL_ADDRESS;
  const connection = await Connection.connect({ address });
  try {
    for (const namespace of namespaces) {
      await openNamespace(identity, namespace);
      const left = new Client({ connection, namespace }).workflow.getHandle('embed-samples');
      // A run that an earlier failed test has left.
      await left.terminate('left by an earlier test').catch(() => undefined);
    }
    return address;
  } finally {
    await connection.close();
  }
}
