import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../src/seeded-random.js';
import { type Listening, listen } from '../../src/server/listen.js';
import { wav } from '../sound/files.js';
import { temporaryFolder } from '../support/cli.js';
import { appOf, type Stage, setStage } from './stage.js';

/** A WAV of noise, always the same. */
function noise(bits: 16 | 24, frames: number): Buffer {
  const random = seeded(bits);
  const data = Buffer.from(Array.from({ length: (bits / 8) * frames }, () => random.integer(0, 255)));
  return wav(data, { bits });
}
const OK = noise(16, 4000);
const DEEP = noise(24, 4000);

let stage: Stage;
let listening: Listening;
let paths: Map<number, string>;
let roots: { path: string; remove(): void };
beforeAll(async () => {
  const root = temporaryFolder();
  roots = root;
  stage = await setStage(12, { SAMPLES_ROOT: join(root.path, 'music') });
  const { Database } = await import('../../src/sqlite.js');
  const db = new Database(join(stage.path, 'catalog.db'));
  const ids = (db.prepare('SELECT id FROM samples ORDER BY id').all() as { id: number }[]).map(
    ({ id }) => id,
  );
  const music = join(root.path, 'music');
  mkdirSync(music);
  writeFileSync(join(music, 'ok.wav'), OK);
  writeFileSync(join(music, 'deep.wav'), DEEP);
  writeFileSync(join(music, 'text.wav'), 'this is a text\n');
  writeFileSync(join(root.path, 'secret.wav'), OK);
  symlinkSync(join(root.path, 'secret.wav'), join(music, 'link.wav'));
  paths = new Map(
    ['ok.wav', 'deep.wav', 'text.wav', 'link.wav', '../secret.wav', 'gone.wav', '/etc/passwd', '', '.'].map(
      (path, at) => [ids[at] as number, path] as const,
    ),
  );
  const set = db.prepare('UPDATE samples SET file_path = ? WHERE id = ?');
  for (const [id, path] of paths) set.run(path, id);
  db.close();
  listening = await listen(appOf(stage.library).app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await listening?.close();
  await stage?.close();
  roots?.remove();
});

const idOf = (path: string): number => [...paths].find(([, each]) => each === path)?.[0] as number;
const get = (
  path: string,
  kind: 'preview' | 'download',
  headers: Record<string, string> = {},
  method = 'GET',
) => fetch(`http://127.0.0.1:${listening.port}/api/v1/samples/${idOf(path)}/${kind}`, { headers, method });
const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

describe('a sample over HTTP', () => {
  it('is heard whole, in parts, and not again while it has not changed', async () => {
    const whole = await get('ok.wav', 'preview');
    expect(whole.status).toBe(200);
    expect(whole.headers.get('content-type')).toBe('audio/wav');
    const all = await bytesOf(whole);
    expect(all).toEqual(OK);
    const etag = whole.headers.get('etag') ?? '';
    expect((await get('ok.wav', 'preview', { 'if-none-match': etag })).status).toBe(304);
    const head = await get('ok.wav', 'preview', {}, 'HEAD');
    expect(head.headers.get('content-length')).toBe(String(all.length));
    const random = seeded(7);
    for (let turn = 0; turn < 60; turn++) {
      const from = random.integer(0, all.length - 1);
      const to = random.integer(from, all.length - 1);
      const part = await get('ok.wav', 'preview', { range: `bytes=${from}-${to}` });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe(`bytes ${from}-${to}/${all.length}`);
      expect(await bytesOf(part)).toEqual(all.subarray(from, to + 1));
    }
    expect((await get('ok.wav', 'preview', { range: `bytes=${all.length}-` })).status).toBe(416);
  });

  it('of 24 bits is heard as 16, and had as it is', async () => {
    const heard = await bytesOf(await get('deep.wav', 'preview'));
    expect(heard.readUInt16LE(34)).toBe(16);
    const download = await get('deep.wav', 'download');
    expect(download.headers.get('content-disposition')).toMatch(/^attachment;.*deep\.wav/);
    expect(await bytesOf(download)).toEqual(DEEP);
  });

  it.each([
    ['text.wav', 415, /no sound/],
    ['link.wav', 403, /outside of SAMPLES_ROOT/],
    ['../secret.wav', 403, /outside of SAMPLES_ROOT/],
    ['/etc/passwd', 403, /outside of SAMPLES_ROOT/],
    ['gone.wav', 404, /is not there/],
    ['', 404, /names no file/],
    ['.', 404, /not lead to a regular file/],
  ])('whose file is "%s" is refused, and no path is told', async (path, status, sentence) => {
    for (const kind of ['preview', 'download'] as const) {
      const answer = await get(path, kind);
      expect(answer.status).toBe(status);
      const text = await answer.text();
      expect(JSON.parse(text)).toMatchObject({ detail: expect.stringMatching(sentence) });
      expect(text).not.toContain(roots.path);
    }
  });

  it('is known by its id alone: no path reaches the disk', async () => {
    const raw = (path: string) =>
      new Promise<number>((resolve, reject) =>
        request({ host: '127.0.0.1', port: listening.port, path }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        })
          .on('error', reject)
          .end(),
      );
    for (const id of [
      '..%2Fsecret.wav',
      '%2e%2e%2fsecret.wav',
      'ok.wav',
      '..%5Csecret',
      '1%00',
      '%2Fetc%2Fpasswd',
      '1e0',
      '-1',
    ])
      expect([400, 404]).toContain(await raw(`/api/v1/samples/${id}/preview`));
    for (const path of [
      '/../secret.wav',
      '/api/v1/samples/../../secret.wav',
      '//etc/passwd',
      '/%2e%2e/etc/passwd',
    ])
      expect(await raw(path)).toBe(404);
  });
});

describe('samples taken along', () => {
  const take = (ids: readonly (number | string)[], form: string) =>
    fetch(`http://127.0.0.1:${listening.port}/api/v1/take`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ids, form }),
    });

  it('as a zip hold the files in their order, and say what has none', async () => {
    const answer = await take(
      [
        ...['deep.wav', 'gone.wav', 'ok.wav', '/etc/passwd', 'text.wav', 'ok.wav'].map(idOf),
        `${idOf('ok.wav')}`,
      ],
      'zip',
    );
    expect(answer.headers.get('content-disposition')).toMatch(/samples\.zip/);
    const zip = await bytesOf(answer);
    expect(zip.subarray(0, 2).toString()).toBe('PK');
    expect(zip.includes(DEEP) && zip.includes(OK)).toBe(true);
    expect(zip.indexOf(DEEP)).toBeLessThan(zip.indexOf(OK));
    expect(zip.toString('latin1')).not.toContain('root:');
    // What is no sound is never sent; each is there once, and a text names what is not.
    expect(zip.includes('this is a text')).toBe(false);
    expect(zip.readUInt16LE(zip.length - 12)).toBe(3);
    const told = zip.toString();
    for (const [path, sentence] of [
      ['gone.wav', 'the file is not there: connect its disk'],
      ['/etc/passwd', 'the file lies outside of SAMPLES_ROOT'],
      ['text.wav', 'the file holds no sound in a known format: replace it with an audio file.'],
    ] as const)
      expect(told).toMatch(new RegExp(`Left out: ${idOf(path)} \\(.*\\): ${sentence}`));
    expect(told).not.toContain(roots.path);
  });

  it('as a list name the files where they lie', async () => {
    const ids = [idOf('ok.wav'), idOf('deep.wav')];
    const playlist = await (await take(ids, 'm3u8')).text();
    expect(playlist).toMatch(/^#EXTM3U\n/);
    expect(playlist).toContain(join(roots.path, 'music', 'ok.wav'));
    expect(await (await take(ids, 'csv')).text()).toContain('ok.wav');
    expect((await (await take(ids, 'json')).json()) as unknown[]).toHaveLength(2);
  });

  it('that are not there, or none, are refused', async () => {
    expect((await take([999_999], 'zip')).status).toBe(404);
    expect((await take([], 'zip')).status).toBe(400);
    expect((await take([1], 'rar')).status).toBe(400);
  });
});

describe('a file that is to be shown in the file manager', () => {
  const post = { method: 'POST' };
  const asJson = { 'content-type': 'application/json' };
  const at = (path: string): string => `/api/v1/samples/${idOf(path)}/reveal`;

  it('is found as its sound is, within the roots alone', async () => {
    const shown: unknown[] = [];
    const { ask } = appOf(stage.library, { reveal: async (path) => void shown.push(path) });
    expect((await ask(at('ok.wav'), asJson, post)).status).toBe(204);
    for (const path of ['link.wav', '../secret.wav', '/etc/passwd'])
      expect((await ask(at(path), asJson, post)).status).toBe(403);
    expect((await ask(at('gone.wav'), asJson, post)).status).toBe(404);
    expect(shown).toEqual([join(roots.path, 'music', 'ok.wav')]);
    expect(await (await ask('/api/v1/status')).json()).toMatchObject({ reveals: true });
  });

  it('is not shown for a page of another site, nor for a form', async () => {
    const shown: unknown[] = [];
    const { ask } = appOf(stage.library, { reveal: async (path) => void shown.push(path) });
    expect((await ask(at('ok.wav'), { ...asJson, origin: 'https://evil.example' }, post)).status).toBe(403);
    expect((await ask(at('ok.wav'), { 'content-type': 'text/plain' }, post)).status).toBe(415);
    expect(shown).toEqual([]);
  });

  it('is refused with the cure where there is no screen', async () => {
    const remote = appOf(stage.library);
    const answer = await remote.ask(at('ok.wav'), asJson, post);
    expect([answer.status, await answer.json()]).toEqual([
      501,
      { code: 'no-screen', detail: expect.stringMatching(/copy the path instead$/) },
    ]);
    expect(await (await remote.ask('/api/v1/status')).json()).toMatchObject({ reveals: false });
    const fails = async (): Promise<void> => {
      throw new Error('spawn xdg-open ENOENT');
    };
    const bare = await appOf(stage.library, { reveal: fails }).ask(at('ok.wav'), asJson, post);
    expect(await bare.json()).toMatchObject({ detail: expect.stringMatching(/ENOENT.*copy the path/) });
  });
});
