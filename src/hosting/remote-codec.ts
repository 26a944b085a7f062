import { createHmac, type KeyObject } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { createPayloadCodec, isEncrypted } from './payload-codec.js';

/** The codec for clients without a key: Temporal's Web UI and CLI, which ask a codec server. */
export interface RemoteCodec {
  encode(payloads: Payload[]): Promise<Payload[]>;
  /** Leaves plain payloads as they are, since they are only shown. Throws a usage Fault when the key is another. */
  decode(payloads: Payload[]): Promise<Payload[]>;
}

export function createRemoteCodec(key: KeyObject): RemoteCodec {
  const codec = createPayloadCodec(key);
  const open = async (payload: Payload): Promise<Payload> =>
    isEncrypted(payload) ? ((await codec.decode([payload]))[0] as Payload) : payload;
  return {
    encode: (payloads) => codec.encode(payloads),
    decode: (payloads) => Promise.all(payloads.map(open)),
  };
}

/**
 * Returns the token that a codec server with this key requires: 128 bits as hexadecimal digits. It is derived from the
 * key, so that a Web UI needs it only once, and it does not reveal the key.
 */
export const codecTokenOf = (key: KeyObject): string =>
  createHmac('sha256', key).update('embeddings codec-server').digest('hex').slice(0, 32);
