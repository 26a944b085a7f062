import { createSecretKey, randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/fault.js';
import { createPayloadCodec, keyIdOf } from '../../src/hosting/payload-codec.js';

const newKey = () => createSecretKey(randomBytes(32));
const key = newKey();
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const readPayload = (payload: Payload | undefined): unknown =>
  defaultPayloadConverter.fromPayload(payload as Payload);
const seal = async (value: unknown): Promise<Payload> => {
  const [payload] = await createPayloadCodec(key).encode([payloadOf(value)]);
  return payload as Payload;
};
const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('latin1');

describe('the payload codec', () => {
  it.each([
    { ids: '1,5,10-20', nested: { costNanos: 20 } },
    'a sentence',
    null,
    undefined,
    new Uint8Array([0, 255]),
    '',
  ])('gives back %j', async (value) => {
    const [opened] = await createPayloadCodec(key).decode([await seal(value)]);
    expect(readPayload(opened)).toEqual(value);
  });

  it('shows nothing but the encoding and the name of the key, and never the same bytes twice', async () => {
    const [one, two] = [await seal('canary'), await seal('canary')];
    expect(Object.keys(one.metadata ?? {})).toEqual(['encoding', 'encryption-key-id']);
    expect(text(one.metadata?.encoding)).toBe('binary/encrypted');
    expect(text(one.metadata?.['encryption-key-id'])).toBe(keyIdOf(key));
    expect(text(one.data)).not.toContain('canary');
    expect(text(one.data)).not.toContain('json/plain');
    expect(text(one.data)).not.toBe(text(two.data));
    expect(text(one.data).slice(0, 12)).not.toBe(text(two.data).slice(0, 12));
    expect(key.export().toString('hex')).not.toContain(keyIdOf(key));
  });

  it('refuses plain payloads: whoever has no key could ask for a run with one', async () => {
    const heard: Fault[] = [];
    const codec = createPayloadCodec(key, (fault) => heard.push(fault));
    const refusal = codec.decode([await seal('ours'), payloadOf({ ids: '1-5' })]);
    await expect(refusal).rejects.toMatchObject({ name: 'Fault', kind: 'usage' });
    await expect(refusal).rejects.toThrow(/started without one.*terminate --workflow-id embed-samples$/);
    expect(heard).toHaveLength(1);
  });

  it('without a key reads and writes plain payloads as they are', async () => {
    const plain = payloadOf({ ids: '1-5' });
    expect(await createPayloadCodec(null).encode([plain])).toEqual([plain]);
    expect(await createPayloadCodec(null).decode([plain])).toEqual([plain]);
  });

  it.each([
    ['another key', newKey(), /^EMBEDDINGS_CODEC_KEY is not the key that this run was started with: set/],
    ['no key', null, /^EMBEDDINGS_CODEC_KEY is not set, but this run was started with one: set it/],
  ])('with %s says one clear sentence, also to its owner', async (_what, other, sentence) => {
    const heard: Fault[] = [];
    const codec = createPayloadCodec(other, (fault) => heard.push(fault));
    const refusal = codec.decode([await seal('canary')]);
    await expect(refusal).rejects.toMatchObject({ name: 'Fault', kind: 'usage' });
    await expect(refusal).rejects.toThrow(sentence);
    expect(heard.map(({ message }) => message)).toEqual([expect.stringMatching(sentence)]);
  });

  it.each([
    ['a changed byte', (data: Buffer) => data.with(20, (data[20] ?? 0) ^ 1)],
    ['a changed tag', (data: Buffer) => data.with(data.length - 1, (data.at(-1) ?? 0) ^ 1)],
    ['a cut', (data: Buffer) => data.subarray(0, 30)],
    ['hardly anything', () => Buffer.from([1])],
    ['nothing', () => Buffer.alloc(0)],
  ])('refuses %s', async (_what, damage) => {
    const sealed = await seal('a sentence that is long enough to be cut');
    const damaged = { ...sealed, data: damage(Buffer.from(sealed.data ?? [])) };
    await expect(createPayloadCodec(key).decode([damaged])).rejects.toThrow(/damaged or altered/);
  });
});
