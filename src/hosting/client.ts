import { Client, Connection } from '@temporalio/client';
import { Fault, usageFault } from '../fault.js';
import { isLoopback } from '../outgoing/loopback.js';
import { currentTraces } from '../tracing/traces.js';
import { connectionTrouble } from './connection-trouble.js';
import { dataConverter } from './data-converter.js';
import { Grpc, grpcCode } from './grpc-code.js';
import type { TemporalTarget } from './temporal.js';

const CONNECT_TIMEOUT_MS = 10_000;

/** Connects a client, within 10 s by default. Throws a Fault that names the setting when no server lets us in. */
export async function connectClient(target: TemporalTarget, timeoutMs = CONNECT_TIMEOUT_MS): Promise<Client> {
  const { address, tls } = target.connectionOptions;
  try {
    // This probe fails at once; gRPC tries for ten seconds and then does not say why it failed.
    const trouble = tls ? await connectionTrouble(target.connectionOptions) : null;
    if (trouble !== null) throw usageFault(trouble);
    const connection = await Connection.connect({
      ...target.connectionOptions,
      connectTimeout: timeoutMs,
      // gRPC would use http_proxy for loopback too.
      ...(isLoopback(address.replace(/:\d+$/, '')) && { channelArgs: { 'grpc.enable_http_proxy': 0 } }),
    } as Parameters<typeof Connection.connect>[0]);
    const client = new Client({
      connection,
      namespace: target.namespace,
      dataConverter: dataConverter(target.codecKey),
      interceptors: { workflow: currentTraces()?.client ?? [] },
    });
    await connection.withDeadline(Date.now() + timeoutMs, () =>
      connection.workflowService.describeNamespace({ namespace: target.namespace }),
    );
    return client;
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (!tls && !target.embedded && grpcCode(error) === null) {
      const trouble = await connectionTrouble(target.connectionOptions);
      if (trouble !== null) throw usageFault(trouble, error);
    }
    throw describeConnectionError(error, address, target.namespace);
  }
}

function describeConnectionError(error: unknown, address: string, namespace: string): Error {
  const code = grpcCode(error);
  if (code === Grpc.notFound)
    return usageFault(`TEMPORAL_NAMESPACE: Temporal at ${address} has no namespace "${namespace}"`, error);
  if (code === Grpc.permissionDenied || code === Grpc.unauthenticated)
    return usageFault(
      `TEMPORAL_API_KEY: Temporal at ${address} denies access to the namespace "${namespace}"`,
      error,
    );
  return usageFault(`TEMPORAL_ADDRESS: no Temporal answers at ${address}`, error);
}
