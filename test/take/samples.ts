import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SampleHit } from '../../src/search/sample-hit.js';
import type { OpenSample } from '../../src/take/open-sample.js';

export const hit = (more: Partial<SampleHit> & { sample_id: number }): SampleHit => ({
  ...{ rank: more.sample_id, similarity: 0.5, score: 0.5, title: null, genre: null, bpm: null, key: null },
  ...{ mood: null, duration: null, path: null },
  ...more,
});

/** A mono WAV of 16 bits; `pitch` makes it differ. */
export function wav({ seconds = 0.05, rate = 44_100, pitch = 1 } = {}): Buffer {
  const frames = Math.round(seconds * rate);
  const data = Buffer.alloc(2 * frames);
  for (let at = 0; at < frames; at++)
    data.writeInt16LE(Math.round(8000 * Math.sin((at * pitch) / 20)), 2 * at);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, 2 * rate],
    [40, data.length],
  ] as const)
    head.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    head.writeUInt16LE(value, at);
  head.write('data', 36);
  return Buffer.concat([head, data]);
}

export function writeSample(folder: string, name: string, bytes: Buffer = wav()): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/** Files by their whole paths; `opened` counts those that are open. */
export function files(): { open: OpenSample; opened: () => number } {
  let opened = 0;
  return {
    opened: () => opened,
    async open(path) {
      if (path === null) return { refused: 'no path' };
      const bytes = await readFile(path).catch(() => null);
      if (bytes === null) return { refused: `${path} is not there` };
      opened += 1;
      return {
        ...{ name: basename(path), size: bytes.length, modified: (await stat(path)).mtime },
        read: (at, length) => Promise.resolve(bytes.subarray(at, at + length)),
        close() {
          opened -= 1;
          return Promise.resolve();
        },
      };
    },
  };
}
