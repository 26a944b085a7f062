import { Client, Connection } from '@temporalio/client';
import { openNamespace } from './parts/temporal.mjs';
import { openIdentity, settingsOf } from './state.mjs';

/** Namespaces of the cluster in that folder, made when missing, no run under way in them; gives its address. */
export async function openClusterNamespaces(folder, namespaces) {
  const identity = await openIdentity(folder);
  const address = settingsOf(identity).TEMPORAL_ADDRESS;
  const connection = await Connection.connect({ address });
  try {
    for (const namespace of namespaces) {
      await openNamespace(identity, namespace);
      const left = new Client({ connection, namespace }).workflow.getHandle('embed-samples');
      // What an earlier test that failed has left.
      await left.terminate('left by an earlier test').catch(() => undefined);
    }
    return address;
  } finally {
    await connection.close();
  }
}
