import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSound } from '../../src/sound/find-file.js';
import { openPlayable } from '../../src/sound/playable.js';
import { respondWithSound } from '../../src/sound/respond.js';
import { startBrowser } from '../support/browser.js';
import { aiff, type TemporaryFolder, temporaryFolder, wav } from './files.js';

let folder: TemporaryFolder;
let server: Server;
let base: string;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = temporaryFolder();
  server = createServer((incoming, outgoing) => {
    const abort = new AbortController();
    outgoing.once('close', () => abort.abort());
    void (async () => {
      const name = decodeURIComponent((incoming.url ?? '').slice(1));
      if (name === '') return outgoing.setHeader('content-type', 'text/html').end('<title>Sound</title>');
      const file = await findSound(name, { folders: [folder.path], moved: [] });
      const sound = file.kind === 'file' ? await openPlayable(file) : file;
      if (sound.kind !== 'sound') return outgoing.writeHead(404).end(sound.sentence);
      const headers = new Headers(incoming.headers as Record<string, string>);
      const request = new Request(`${base}/${name}`, { headers, signal: abort.signal });
      const { status, headers: own, body } = respondWithSound(request, sound);
      outgoing.writeHead(status, Object.fromEntries(own));
      if (body === null) outgoing.end();
      else await pipeline(Readable.fromWeb(body as never), outgoing);
    })().catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await startBrowser();
  page = await browser.newPage();
  await page.goto(base);
});
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  folder.remove();
});

/** A sine of 441 Hz, one sample a call. */
const sine = (
  frames: number,
  width: number,
  write: (bytes: Buffer, value: number, at: number) => void,
): Buffer => {
  const bytes = Buffer.alloc(frames * width);
  for (let n = 0; n < frames; n++) write(bytes, 0.5 * Math.sin((2 * Math.PI * n) / 100), n * width);
  return bytes;
};
const FRAMES = 441_000;
const rate = 44_100;

/** Of a sound that a browser has loaded: what it says of it, and what it makes of it. */
interface Heard {
  seconds: number;
  /** Where it was sought to, in seconds. */
  at: number;
  frames: number;
  /** Its 100,025th sample, which is the sine's highest. */
  peak: number;
}

/** Runs in the page, whose types are not known here. */
const IN_PAGE = `async (url) => {
  const audio = new Audio(url);
  const ready = new Promise((resolve, reject) => {
    audio.oncanplaythrough = resolve;
    audio.onerror = () => reject(new Error(audio.error?.message));
  });
  audio.load();
  await ready;
  const sought = new Promise((resolve) => {
    audio.onseeked = resolve;
  });
  audio.currentTime = 9;
  await sought;
  const context = new OfflineAudioContext(1, 1, 44100);
  const decoded = await context.decodeAudioData(await (await fetch(url)).arrayBuffer());
  const samples = decoded.getChannelData(0);
  return { seconds: audio.duration, at: audio.currentTime, frames: samples.length, peak: samples[100025] };
}`;

describe('a Chromium', () => {
  it.each<[string, () => Buffer]>([
    [
      '24 bits.wav',
      () =>
        wav(
          sine(FRAMES, 3, (bytes, value, at) => bytes.writeIntLE(Math.round(value * 0x7f_ff_ff), at, 3)),
          { bits: 24, rate },
        ),
    ],
    [
      'floats.wav',
      () =>
        wav(
          sine(FRAMES, 4, (bytes, value, at) => bytes.writeFloatLE(value, at)),
          { bits: 32, tag: 3, rate },
        ),
    ],
    [
      '16 bits.wav',
      () =>
        wav(
          sine(FRAMES, 2, (bytes, value, at) => bytes.writeInt16LE(Math.round(value * 32_767), at)),
          { rate },
        ),
    ],
    [
      '8 bits.wav',
      () =>
        wav(
          sine(FRAMES, 1, (bytes, value, at) => bytes.writeUInt8(128 + Math.round(value * 127), at)),
          { bits: 8, rate },
        ),
    ],
    [
      '24 bits.aif',
      () =>
        aiff(
          sine(FRAMES, 3, (bytes, value, at) => bytes.writeIntBE(Math.round(value * 0x7f_ff_ff), at, 3)),
          { bits: 24, frames: FRAMES, rate },
        ),
    ],
    [
      'cut short.wav',
      () =>
        wav(
          sine(FRAMES, 2, (bytes, value, at) => bytes.writeInt16LE(Math.round(value * 32_767), at)),
          { rate },
        ).subarray(0, -2001),
    ],
  ])('plays and seeks in %s', async (name, bytes) => {
    folder.put(name, bytes());
    const url = `${base}/${encodeURIComponent(name)}`;
    const heard = await page.evaluate<Heard>(`(${IN_PAGE})(${JSON.stringify(url)})`);
    expect(heard.seconds).toBeCloseTo(10, 1);
    expect(heard.at).toBeCloseTo(9, 3);
    expect(Math.abs(heard.frames - FRAMES)).toBeLessThan(1002);
    expect(heard.peak).toBeCloseTo(0.5, 2);
  });
});

it('files are closed when clients go away in the middle', async () => {
  folder.put('long.wav', wav(Buffer.alloc(60_000_000), { bits: 24 }));
  const openSounds = () => readdirSync('/proc/self/fd').length;
  const before = openSounds();
  for (let round = 0; round < 20; round++) {
    const abort = new AbortController();
    const { body } = await fetch(`${base}/long.wav`, { signal: abort.signal });
    await body?.getReader().read();
    abort.abort();
  }
  // Connections close in their own time, so they are given some; a leak would stay.
  for (let round = 0; round < 300 && openSounds() > before; round++) await wait(20);
  expect(openSounds()).toBeLessThanOrEqual(before);
});
