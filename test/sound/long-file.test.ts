import { truncateSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPlayable, type SoundBytes } from '../../src/sound/playable.js';
import { respondWithSound } from '../../src/sound/respond.js';
import { fmt, found, type TemporaryFolder, temporaryFolder } from './files.js';

/** Bytes of the sound: half an hour of stereo. Of the disk it takes a page. */
const LENGTH = 300_000_000;
/** What may be read beside the bytes that are asked for: the header, and the rest of a block. */
const A_LITTLE = 300_000;

let folder: TemporaryFolder;
let handles: FileHandle;
let read: FileHandle['read'];
/** Bytes that were asked for of any file. */
let bytes = 0;
beforeAll(async () => {
  folder = temporaryFolder();
  for (const bits of [16, 24]) {
    const header = Buffer.alloc(8);
    header.write('data');
    header.writeUInt32LE(LENGTH, 4);
    const head = Buffer.concat([fmt({ bits, channels: 2, rate: 44_100 }), header]);
    const riff = Buffer.from('RIFF\0\0\0\0WAVE');
    riff.writeUInt32LE(4 + head.length + LENGTH, 4);
    const path = join(folder.path, `${bits}.wav`);
    writeFileSync(path, Buffer.concat([riff, head]));
    truncateSync(path, riff.length + head.length + LENGTH);
  }
  handles = await open(folder.path);
  const prototype = Object.getPrototypeOf(handles) as FileHandle;
  read = prototype.read;
  prototype.read = function (this: FileHandle, ...args: unknown[]) {
    bytes += Number(args[2]);
    return Reflect.apply(read, this, args);
  } as FileHandle['read'];
});
afterEach(() => {
  bytes = 0;
});
afterAll(async () => {
  (Object.getPrototypeOf(handles) as FileHandle).read = read;
  await handles.close();
  folder.remove();
});

async function soundOf(name: string): Promise<SoundBytes> {
  const sound = await openPlayable(await found(folder, name));
  if (sound.kind !== 'sound') throw new Error(sound.sentence);
  return sound;
}
const request = (headers: Record<string, string> = {}): Request =>
  new Request('http://127.0.0.1/sound', { headers });

describe.each(['16.wav', '24.wav'])('of a file of 300 MB, %s', (name) => {
  it('a range reads no more than it gives, wherever it lies', async () => {
    const sound = await soundOf(name);
    expect(sound.size).toBeGreaterThan(LENGTH / 2);
    for (const from of [0, 1_000_001, sound.size - 5000]) {
      const response = respondWithSound(request({ range: `bytes=${from}-${from + 4095}` }), sound);
      expect(response.status).toBe(206);
      expect((await response.arrayBuffer()).byteLength).toBe(4096);
    }
    expect(bytes).toBeLessThan(4 * A_LITTLE);
  });

  it('the whole is read as it is taken, and no more once nobody takes it', async () => {
    const sound = await soundOf(name);
    const response = respondWithSound(request(), sound);
    expect(response.headers.get('content-length')).toBe(String(sound.size));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let taken = 0;
    for (let chunk = 0; chunk < 20; chunk++) taken += (await reader.read()).value?.length ?? 0;
    // 24 bits become 16.
    expect(bytes).toBeLessThan(1.5 * taken + 2 * A_LITTLE);
    await reader.cancel();
    const then = bytes;
    await new Promise((resolve) => setImmediate(resolve));
    expect(bytes).toBe(then);
    expect(then).toBeLessThan(LENGTH / 10);
  });
});
