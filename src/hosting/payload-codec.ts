import { createCipheriv, createDecipheriv, createHash, type KeyObject, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { type Fault, usageFault } from '../fault.js';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/** The metadata keys of Temporal's own samples, so that a codec server for the Web UI needs no code of ours. */
const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PLAIN =
  'EMBEDDINGS_CODEC_KEY is set, but this run was started without one, or somebody without the key wrote to it: ' +
  'unset it until the run is over, or end the run with: temporal workflow terminate --workflow-id embed-samples';
const LOST = 'docs/security.md says what to do when it is lost';

/** Returns whether a codec of ours encrypted the payload. */
export const isEncrypted = (payload: Payload): boolean => textOf(payload, 'encoding') === ENCODING;

/** Returns a key's id, which does not reveal the key: 16 hexadecimal digits of a hash. */
export const keyIdOf = (key: KeyObject): string =>
  createHash('sha256').update('EMBEDDINGS_CODEC_KEY\0').update(key.export()).digest('hex').slice(0, 16);

/**
 * Creates a codec that encrypts every payload with AES-256-GCM: IV (12 bytes), ciphertext, tag (16 bytes) over the
 * payload's protobuf form. Without a key it encrypts nothing and refuses encrypted payloads. With a key it refuses
 * plain payloads: otherwise any client that can write to Temporal could ask for a run. A refusal is a usage Fault, also
 * passed to `onRefused`.
 */
export function createPayloadCodec(
  key: KeyObject | null,
  onRefused: (fault: Fault) => void = () => undefined,
): PayloadCodec {
  const keyId = key === null ? null : keyIdOf(key);
  const refuse = (message: string, cause?: unknown): never => {
    const fault = usageFault(message, cause);
    onRefused(fault);
    throw fault;
  };

  const open = (payload: Payload): Payload => {
    if (!isEncrypted(payload)) {
      if (key === null) return payload;
      return refuse(PLAIN);
    }
    if (key === null)
      return refuse(`EMBEDDINGS_CODEC_KEY is not set, but this run was started with one: set it (${LOST})`);
    if (textOf(payload, KEY_ID) !== keyId)
      return refuse(
        `EMBEDDINGS_CODEC_KEY is not the key that this run was started with: set that key (${LOST})`,
      );
    try {
      return PayloadMessage.decode(decrypt(key, payload.data ?? new Uint8Array()));
    } catch (error) {
      return refuse(
        'a payload in Temporal was damaged or altered: EMBEDDINGS_CODEC_KEY cannot open it',
        error,
      );
    }
  };

  return {
    async encode(payloads) {
      if (key === null || keyId === null) return payloads;
      return payloads.map((payload) => ({
        metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(keyId) },
        data: encrypt(key, PayloadMessage.encode(payload).finish()),
      }));
    },
    async decode(payloads) {
      return payloads.map(open);
    },
  };
}

const textOf = (payload: Payload, name: string): string =>
  Buffer.from(payload.metadata?.[name] ?? []).toString('utf8');

function encrypt(key: KeyObject, plain: Uint8Array): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: KeyObject, sealed: Uint8Array): Buffer {
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, end)), decipher.final()]);
}
