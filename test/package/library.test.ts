import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { json, type Scene, setScene } from '../e2e/scene.js';

/** Not in step: the provider answers from this very process. */
const run = promisify(execFile);

const ROOT = process.cwd();
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** A web backend's file, as its author would write it. */
const CONSUMER = `import { openSampleSearch, type SampleHit, searchSamples } from 'sample-embeddings';

const connection = {
  storeUrl: process.env.STORE as string,
  catalogUrl: process.env.CATALOG as string,
  apiKey: 'sk-canary',
  baseUrl: process.env.BASE_URL as string,
};
const hits: SampleHit[] = await searchSamples('warm jazz', { ...connection, limit: 3 });
const search = await openSampleSearch(connection);
const near = await search.similar(hits[0]?.sample_id ?? 0, { limit: 2 });
const words = await search.search('jazz', { mode: 'text', filter: { genre: 'jazz' } });
const wrong = await search.search('').catch((error: Error) => error.message);
await search.close();
console.log(JSON.stringify({ hits, near, words, wrong }));
`;

let scene: Scene;
let project: string;
beforeAll(async () => {
  scene = await setScene(300);
  expect(json(await scene.run(['--all', '--json']))).toMatchObject({ state: 'completed' });
  project = join(scene.path, 'backend');
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'sample-embeddings'), { recursive: true });
  const packed = (
    await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', project], {
      cwd: ROOT,
      encoding: 'utf8',
    })
  ).stdout.trim();
  await run('tar', [
    '-xzf',
    join(project, packed),
    '--strip-components=1',
    '-C',
    join(modules, 'sample-embeddings'),
  ]);
  // What npm would install beside it.
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter((each) => !each.startsWith('.')))
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  writeFileSync(join(project, 'main.ts'), CONSUMER);
});
afterAll(() => scene?.close());

it('a packed tarball is a library with types: a backend compiles against it, and finds samples', async () => {
  const options = [
    '--module',
    'NodeNext',
    '--target',
    'ES2022',
    '--strict',
    '--types',
    'node',
    '--outDir',
    'out',
  ];
  await run(process.execPath, [TSC, ...options, 'main.ts'], { cwd: project, encoding: 'utf8' });
  const { baseUrl } = scene.sandbox;
  const env = { ...process.env, STORE: `file:${scene.store}`, CATALOG: scene.catalog, BASE_URL: baseUrl };
  const said = JSON.parse(
    (await run(process.execPath, ['out/main.js'], { cwd: project, encoding: 'utf8', env })).stdout,
  );
  expect(said.hits).toHaveLength(3);
  expect(said.hits[0]).toMatchObject({
    rank: 1,
    sample_id: expect.any(Number),
    similarity: expect.any(Number),
  });
  expect(said.near).toHaveLength(2);
  for (const hit of said.words) expect(hit).toMatchObject({ genre: 'jazz', similarity: null });
  expect(said.wrong).toMatch(/the query is empty/);
});
