import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadSettings } from '../../src/config.js';
import { openLibrary } from '../../src/hosting/open-library.js';
import { appOf } from '../server/stage.js';
import { wav } from '../sources/folder/sounds.js';
import { json, type Scene, setScene } from './scene.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const LATIN = wav({ seed: 1 });
const UTF8 = wav({ seed: 2 });
let scene: Scene;
let music: string;
/** The folder and the file, in Latin-1; its twin, in UTF-8, is shown by the same names. */
let odd: Buffer;
let oddUrl: string;
let twin: string;
const run = (args: string[]) => scene.run(args, { DATABASE_URL: music });
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

beforeAll(async () => {
  scene = await setScene(1);
  music = join(scene.path, 'Samples');
  const folder = Buffer.concat([Buffer.from(`${music}/`), bytes('M\u00fasica')]);
  mkdirSync(folder, { recursive: true });
  odd = Buffer.concat([folder, bytes('/Caf\u00e9 Okapi Loop 92.wav')]);
  oddUrl = `file://${music}/M%FAsica/Caf%E9%20Okapi%20Loop%2092.wav`;
  writeFileSync(odd, LATIN);
  mkdirSync(join(music, 'M\u00fasica'));
  twin = join(music, 'M\u00fasica/Caf\u00e9 Okapi Loop 92.wav');
  writeFileSync(twin, UTF8);
  expect(json(await run(['--all', '--json']))).toMatchObject({ state: 'completed', stored: 2 });
});
afterAll(() => scene?.close());

interface Hit {
  sample_id: number;
  path: string;
}
const ask = ['search', 'okapi', '--mode', 'text', '--json'];
const hitsOf = async (args: string[] = []): Promise<Hit[]> => {
  const answer = json(await run([...ask, ...args])) as unknown as Hit[] | { hits: Hit[] };
  return Array.isArray(answer) ? answer : answer.hits;
};
const soundOf = (path: string): Buffer => (path === twin ? UTF8 : LATIN);

describe('a file whose name is no UTF-8', () => {
  it('is named by the URL of its bytes, and its twin in UTF-8 by its path', async () => {
    expect((await hitsOf()).map(({ path }) => path).sort()).toEqual([twin, oddUrl].sort());
  });

  it('is copied, packed and listed as itself', async () => {
    const hits = await hitsOf(['--to', 'crate', '--zip', 'crate.zip', '--m3u8', 'crate.m3u8']);
    const names = readdirSync(join(scene.path, 'crate')).sort();
    expect(names).toEqual(['01 Caf\u00e9 Okapi Loop 92.wav', '02 Caf\u00e9 Okapi Loop 92.wav']);
    const zip = readFileSync(join(scene.path, 'crate.zip'));
    for (const [at, { path }] of hits.entries()) {
      expect(readFileSync(join(scene.path, 'crate', names[at] as string))).toEqual(soundOf(path));
      expect(zip.includes(soundOf(path))).toBe(true);
    }
    const copies = readFileSync(join(scene.path, 'crate.m3u8'), 'utf8').split('\n');
    expect(copies.filter((line) => line.startsWith('crate/'))).toEqual(names.map((name) => `crate/${name}`));
    await hitsOf(['--m3u8', 'own.m3u8']);
    const own = readFileSync(join(scene.path, 'own.m3u8'), 'utf8').trimEnd().split('\n');
    expect(own.filter((line) => !line.startsWith('#'))).toEqual(hits.map(({ path }) => path));
    expect(
      own.filter((line) => line.startsWith('#EXTINF')).every((line) => line.endsWith('Caf\u00e9 Okapi Loop')),
    ).toBe(true);
  });

  it('is found by its URL and by the names that are shown', async () => {
    const hits = await hitsOf();
    const idOf = (wanted: string) => hits.find(({ path }) => path === wanted)?.sample_id;
    for (const name of [oddUrl, twin, `file://${encodeURI(twin)}`]) {
      const explained = json(await run(['explain', name, '--json']));
      expect([name, explained.sample_id]).toEqual([name, idOf(name === oddUrl ? oddUrl : twin)]);
    }
    // Where no other is shown so.
    renameSync(odd, Buffer.concat([Buffer.from(`${music}/`), bytes('Th\u00e9 Okapi.wav')]));
    await run(['--all', '--json']);
    const shown = json(await run(['explain', join(music, 'Th\u00e9 Okapi.wav'), '--json']));
    expect(shown.sample_id).toBe(idOf(oddUrl));
    renameSync(Buffer.concat([Buffer.from(`${music}/`), bytes('Th\u00e9 Okapi.wav')]), odd);
    await run(['--all', '--json']);
  });

  it('is played as itself, and its place is told by its URL', async () => {
    const env = { ...scene.env, DATABASE_URL: music };
    const library = await openLibrary(loadSettings(env, scene.path));
    try {
      const { ask: get } = appOf(library);
      for (const { sample_id: id, path } of await hitsOf()) {
        const sample = (await (await get(`/api/v1/samples/${id}`)).json()) as { file: string };
        expect(sample.file).toBe(path);
        const sound = await get(`/api/v1/samples/${id}/download`);
        expect(Buffer.from(await sound.arrayBuffer())).toEqual(soundOf(path));
      }
    } finally {
      await library.close();
    }
  });
});
