import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

/** Decodes a payload of the history. Throws when it was encrypted with another key. */
export async function decodePayload<T>(client: Client, payload: Payload): Promise<T> {
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  let payloads = [payload];
  for (const codec of [...payloadCodecs].reverse()) payloads = await codec.decode(payloads);
  return payloadConverter.fromPayload<T>(payloads[0] as Payload);
}
