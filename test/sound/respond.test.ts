import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentDisposition, safeFileName } from '../../src/sound/file-name.js';
import { openOriginal, openPlayable, type SoundBytes } from '../../src/sound/playable.js';
import { respondWithSound } from '../../src/sound/respond.js';
import { openFilesIn, settledFilesIn } from '../support/open-files.js';
import { bytesFrom, found, playable, type TemporaryFolder, temporaryFolder, wav } from './files.js';

let folder: TemporaryFolder;
let plain: SoundBytes;
let wide: SoundBytes;
beforeAll(async () => {
  folder = temporaryFolder();
  plain = await playable(folder, 'plain.wav', wav(noise(3_000_000)));
  wide = await playable(folder, 'wide.wav', wav(noise(3_000_000), { bits: 24, channels: 2 }));
});
afterAll(() => folder.remove());

function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0, state = 1; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

const request = (headers: Record<string, string> = {}, init: RequestInit = {}): Request =>
  new Request('http://127.0.0.1/sound', { headers, ...init });
const openFiles = (): number => openFilesIn(folder.path);
const settled = (expected: number): Promise<number> => settledFilesIn(folder.path, expected);

describe('respondWithSound', () => {
  it('gives the whole', async () => {
    const response = respondWithSound(request(), plain);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'audio/wav',
      'content-length': String(plain.size),
      'accept-ranges': 'bytes',
      'content-disposition': 'inline; filename="plain.wav"',
      'x-content-type-options': 'nosniff',
      etag: plain.etag,
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(await bytesFrom(plain))).toBe(true);
  });

  it('gives a part', async () => {
    const response = respondWithSound(request({ range: 'bytes=43-46' }), wide);
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes 43-46/${wide.size}`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(await bytesFrom(wide, 43, 47));
  });

  it('gives nothing where there is nothing to give', async () => {
    const head = respondWithSound(request({ range: 'bytes=5-9' }, { method: 'HEAD' }), plain);
    expect([head.status, head.body, head.headers.get('content-length')]).toEqual([
      200,
      null,
      String(plain.size),
    ]);
    const unchanged = respondWithSound(request({ 'if-none-match': plain.etag }), plain);
    expect([unchanged.status, unchanged.body, unchanged.headers.get('content-type')]).toEqual([
      304,
      null,
      null,
    ]);
    const beyond = respondWithSound(request({ range: 'bytes=9999999-' }), plain);
    expect([beyond.status, beyond.body, beyond.headers.get('content-range')]).toEqual([
      416,
      null,
      `bytes */${plain.size}`,
    ]);
    const post = respondWithSound(request({}, { method: 'POST' }), plain);
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('saves a file under its name', async () => {
    const original = await openOriginal(await found(folder, 'wide.wav'));
    if (original.kind !== 'sound') throw new Error(original.sentence);
    const response = respondWithSound(request(), original, { download: true });
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="wide.wav"');
    expect(response.headers.get('content-length')).toBe(String(original.size));
    await response.body?.cancel();
  });

  it('has another tag for the sound that was made of a file, and when the file changes', async () => {
    const original = await openOriginal(await found(folder, 'wide.wav'));
    if (original.kind !== 'sound') throw new Error(original.sentence);
    const changed = await playable(folder, 'wide-2.wav', wav(noise(999), { bits: 24 }));
    const again = await playable(folder, 'wide-2.wav', wav(noise(996), { bits: 24 }));
    const tags = [wide, original, changed, again].map(({ etag }) => etag);
    expect(new Set(tags).size).toBe(4);
    for (const tag of tags) expect(tag).toMatch(/^"[\w-]{22}"$/);
    const same = await openPlayable(await found(folder, 'wide.wav'));
    expect(same).toMatchObject({ etag: wide.etag });
  });

  it('ends with an error where the file is exchanged before it is read', async () => {
    const sound = await playable(folder, 'exchanged.wav', wav(noise(1000)));
    const response = respondWithSound(request(), sound);
    folder.put('exchanged.wav', wav(noise(2000)));
    await expect(response.arrayBuffer()).rejects.toThrow(/changed/);
  });
});

describe('files are closed', () => {
  it('when bodies are cancelled, and requests aborted, at any time', async () => {
    const before = openFiles();
    const sounds = [plain, wide];
    for (let round = 0; round < 200; round++) {
      const abort = new AbortController();
      const sound = sounds[round % 2] as SoundBytes;
      const response = respondWithSound(request({}, { signal: abort.signal }), sound);
      const reader = response.body?.getReader();
      const way = Math.floor(round / 2) % 5;
      // Before anything is read, while it is read, between two reads, by the other side, and not at all.
      if (way === 0) abort.abort();
      else if (way === 1) {
        const reading = reader?.read().catch(() => {});
        abort.abort();
        await reading;
      } else if (way === 2) {
        await reader?.read();
        abort.abort();
      } else if (way === 3) {
        await reader?.read();
        await reader?.cancel();
      } else while (!(await reader?.read())?.done);
    }
    expect(await settled(before)).toBeLessThanOrEqual(before);
  });

  it('when a request is aborted that nobody else keeps', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const before = openFiles();
    const abort = new AbortController();
    const body = respondWithSound(request({}, { signal: abort.signal }), plain).body;
    const reader = body?.getReader();
    await reader?.read();
    expect(openFiles()).toBeGreaterThan(before);
    // What is held weakly lives to the end of its turn of the event loop.
    for (let round = 0; round < 3; round++) {
      await wait(1);
      collect();
    }
    abort.abort();
    expect(await settled(before)).toBeLessThanOrEqual(before);
    await expect(reader?.read()).rejects.toThrow();
  });

  it('when a request was aborted beforehand', async () => {
    const before = openFiles();
    const response = respondWithSound(request({}, { signal: AbortSignal.abort() }), plain);
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect(await settled(before)).toBeLessThanOrEqual(before);
  });

  it('when answers are made and nobody reads them', async () => {
    const before = openFiles();
    const responses = Array.from({ length: 50 }, () => respondWithSound(request(), wide));
    expect(openFiles()).toBeLessThanOrEqual(before);
    for (const { body } of responses) await body?.cancel();
  });
});

describe('contentDisposition', () => {
  it.each([
    ['kick.wav', 'attachment; filename="kick.wav"'],
    ['über ☕.wav', `attachment; filename="_ber _.wav"; filename*=UTF-8''%C3%BCber%20%E2%98%95.wav`],
    ['a"b\\c".wav', 'attachment; filename="c.wav"'],
    ['a\r\nSet-Cookie: x=1.wav', 'attachment; filename="a Set-Cookie x=1.wav"'],
    ['../../etc/passwd', 'attachment; filename="passwd"'],
    ['..\\..\\boot.ini', 'attachment; filename="boot.ini"'],
    ['..', 'attachment; filename="sample"'],
    ['.bashrc', 'attachment; filename="bashrc"'],
    ['', 'attachment; filename="sample"'],
    ['invoice\u202evaw.exe', 'attachment; filename="invoicevaw.exe"'],
    ["100% 'it'.wav", `attachment; filename="100_ 'it'.wav"; filename*=UTF-8''100%25%20%27it%27.wav`],
    ['\ud800 kick.WAV', 'attachment; filename="kick.wav"'],
    ['con.wav', 'attachment; filename="con_.wav"'],
    ['u\u0308.wav', `attachment; filename="_.wav"; filename*=UTF-8''%C3%BC.wav`],
  ])('of %j', (name, expected) => {
    expect(contentDisposition('attachment', name)).toBe(expected);
    // A header that no program refuses.
    expect(() => new Headers({ 'content-disposition': contentDisposition('inline', name) })).not.toThrow();
  });

  it('keeps the ending of a long name', () => {
    const name = safeFileName(`${'夜の雨'.repeat(100)}.aiff`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120);
    expect(name).toMatch(/^(?:夜の雨)+.*\.aiff$/);
  });
});
