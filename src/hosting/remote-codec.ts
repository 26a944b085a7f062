import { createHmac, type KeyObject } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { createPayloadCodec, isEncrypted } from './payload-codec.js';

/** The codec for those who have no key: Temporal's Web UI and CLI, which ask a server. */
export interface RemoteCodec {
  encode(payloads: Payload[]): Promise<Payload[]>;
  /** What is plain stays as it is: it is shown, not worked with. A usage Fault where the key is another. */
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
 * What a codec server of this key wants to be told, 128 bits as hexadecimal digits. It follows from the key, so that a
 * Web UI that was told once need not be told again; it does not tell the key.
 */
export const codecTokenOf = (key: KeyObject): string =>
  createHmac('sha256', key).update('embeddings codec-server').digest('hex').slice(0, 32);
