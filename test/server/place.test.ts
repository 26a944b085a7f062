import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KitLibrary } from '../../src/take/kit-library.js';
import { appOf, type Stage, setStage } from './stage.js';

let stage: Stage;
let library: KitLibrary;
let root: string;
beforeAll(async () => {
  stage = await setStage(30);
  root = join(stage.path, 'root');
  mkdirSync(root);
  library = await stage.open(undefined, { SAMPLES_ROOT: root });
});
afterAll(() => stage?.close());

it('characters that turn text around are escaped in answers', async () => {
  const { app } = appOf({
    ...stage.library,
    sample: async (asked) => ({ ...(await stage.library.sample('1')), title: `a\u202eb${asked}` }),
  });
  const answer = await app.request('http://localhost:8787/api/v1/samples/1', {
    headers: { host: 'localhost:8787' },
  });
  const text = await answer.text();
  expect(text).toContain('a\\u202eb1');
  expect(JSON.parse(text)).toMatchObject({ title: 'a\u202eb1' });
});

it('a sample names the real place of its file, and none that is not there or lies outside', async () => {
  const { hits } = await library.search('warm', { mode: 'text', limit: 30 });
  const { sample_id: id, path } = hits.find((hit) => hit.path !== null) ?? {};
  const app = appOf(library);
  const at = join(root, path ?? '');
  mkdirSync(dirname(at), { recursive: true });
  const fileOf = async () =>
    ((await (await app.ask(`/api/v1/samples/${id}`)).json()) as { file: string | null }).file;
  expect(await fileOf()).toBeNull();
  const own = join(root, 'own.wav');
  writeFileSync(own, 'RIFF');
  symlinkSync(own, at);
  expect(await fileOf()).toBe(realpathSync(own));
  rmSync(at);
  symlinkSync(join(stage.path, 'catalog.db'), at);
  expect(await fileOf()).toBeNull();
});
