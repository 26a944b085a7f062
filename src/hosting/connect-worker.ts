import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { usageFault } from '../fault.js';
import { connectClient } from './client.js';
import { dataConverter } from './data-converter.js';
import { describeRun } from './describe-run.js';
import type { TemporalTarget } from './temporal.js';

/** Opens a worker's connection. Throws a Fault for no Temporal, no namespace, or another codec key. */
export async function connectWorker(target: TemporalTarget, workflowId: string): Promise<NativeConnection> {
  const { connectionOptions, namespace, codecKey } = target;
  // A worker would poll for ever in a namespace that does not exist, and it reports a refused key less clearly.
  if (!target.embedded) await (await connectClient(target)).connection.close();
  const connection = await NativeConnection.connect(connectionOptions).catch((error: unknown) => {
    throw usageFault(`TEMPORAL_ADDRESS: no Temporal answers at ${connectionOptions.address}`, error);
  });
  try {
    // With the wrong key each task taken would fail and cost its batch an attempt, so the worker must take none.
    await describeRun(
      new Client({ connection, namespace, dataConverter: dataConverter(codecKey) }),
      workflowId,
    );
    return connection;
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw error;
  }
}
