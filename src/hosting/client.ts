import { Client, Connection } from '@temporalio/client';
import { usageFault } from '../fault.js';
import { dataConverter } from './data-converter.js';
import type { TemporalTarget } from './temporal.js';

const CONNECT_TIMEOUT_MS = 10_000;

/** A client of that Temporal. A Fault names the setting when nobody answers, or when we are not let in. */
export async function connectClient(target: TemporalTarget): Promise<Client> {
  const { address } = target.connectionOptions;
  try {
    const connection = await Connection.connect({
      ...target.connectionOptions,
      connectTimeout: CONNECT_TIMEOUT_MS,
    } as Parameters<typeof Connection.connect>[0]);
    const client = new Client({
      connection,
      namespace: target.namespace,
      dataConverter: dataConverter(target.codecKey),
    });
    await connection.withDeadline(Date.now() + CONNECT_TIMEOUT_MS, () =>
      connection.workflowService.describeNamespace({ namespace: target.namespace }),
    );
    return client;
  } catch (error) {
    throw describeConnectionError(error, address, target.namespace);
  }
}

function describeConnectionError(error: unknown, address: string, namespace: string): Error {
  const code = grpcCode(error);
  const NOT_FOUND = 5;
  const PERMISSION_DENIED = 7;
  const UNAUTHENTICATED = 16;
  if (code === NOT_FOUND)
    return usageFault(`TEMPORAL_NAMESPACE: Temporal at ${address} has no namespace "${namespace}"`, error);
  if (code === PERMISSION_DENIED || code === UNAUTHENTICATED)
    return usageFault(`TEMPORAL_API_KEY: Temporal at ${address} does not let us into "${namespace}"`, error);
  return usageFault(`TEMPORAL_ADDRESS: no Temporal answers at ${address}`, error);
}

/** The client wraps what gRPC said when it connects, and passes it on as it is afterwards. */
function grpcCode(error: unknown): number | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'number') return code;
  }
  return null;
}
