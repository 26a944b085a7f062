import { execFile } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { json, type Scene, setScene } from '../e2e/scene.js';
import { CONSUMER, WORKER } from './consumers.js';

/** Not in step: the provider answers from this very process. */
const run = promisify(execFile);

const ROOT = process.cwd();
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
/** MiB that what we depend on may take in production, without better-sqlite3 12, which is for Node 20 alone. */
const BUDGET = 370;

// A whole compiler, or a demo with its Temporal, in each.
vi.setConfig({ testTimeout: 300_000 });

let scene: Scene;
let project: string;
const inProject = (file: string, args: string[], env: Record<string, string> = {}) =>
  run(file, args, {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
    maxBuffer: 1e8,
  });
const npm = (...args: string[]) => inProject('npm', [...args, '--no-audit', '--no-fund', '--ignore-scripts']);

beforeAll(async () => {
  scene = await setScene(300);
  project = join(scene.path, 'stranger');
  mkdirSync(project);
  const { stdout } = await run(
    'npm',
    ['pack', '--ignore-scripts', '--silent', '--pack-destination', project],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  );
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  await npm('install', `./${stdout.trim()}`);
  // The one part that is built, and on Node 20 alone: the checkout's, to be short.
  const built = 'node_modules/better-sqlite3-12/build';
  if (existsSync(join(ROOT, built)) && existsSync(join(project, built, '..')))
    cpSync(join(ROOT, built), join(project, built), { recursive: true });
}, 600_000);
afterAll(() => scene?.close(), 300_000);

it('holds its licences, and nothing that only a checkout needs', () => {
  const files = readdirSync(join(project, 'node_modules/sample-embeddings'), {
    recursive: true,
    encoding: 'utf8',
  });
  for (const needed of [
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
    'dist/THIRD-PARTY-LICENSES.txt',
    'dist/index.d.ts',
  ])
    expect(files).toContain(needed);
  expect(files.filter((name) => /\.map$|^(src|test|scripts|bench)\b|\.build-stamp/.test(name))).toEqual([]);
  const licences = readFileSync(
    join(project, 'node_modules/sample-embeddings/dist/THIRD-PARTY-LICENSES.txt'),
    'utf8',
  );
  for (const bundled of ['umap-js', 'ml-pca', 'echarts', '@opentelemetry/sdk-trace'])
    expect(licences).toContain(`${bundled} `);
  const bundle = readFileSync(
    join(project, 'node_modules/sample-embeddings/dist/workflow-bundle.js'),
    'utf8',
  );
  expect(bundle).not.toContain(ROOT);
});

it('stays within its budget', () => {
  const modules = join(project, 'node_modules');
  const notCounted = ['sample-embeddings', 'better-sqlite3-12'];
  const total = notCounted.reduce((sum, name) => sum - sizeOf(join(modules, name)), sizeOf(modules));
  expect(Math.round(total / 2 ** 20)).toBeLessThanOrEqual(BUDGET);
  for (const gone of ['umap-js', 'ml-pca', 'esbuild', 'echarts', 'vitest', '@opentelemetry/sdk-trace'])
    expect(existsSync(join(modules, gone))).toBe(false);
});

it('runs the demo, doctor and a run of one’s own by npx', async () => {
  const npx = (args: string[], env = {}) => inProject('npx', ['--no-install', 'embeddings', ...args], env);
  const demo = await npx(['demo', '--samples', '200'], { EMBEDDINGS_HOME: join(project, 'home') });
  expect(demo.stdout + demo.stderr).toMatch(/Successful\s+│ 200 [\s\S]*bought twice: 0/);
  expect((await npx(['doctor'], scene.env)).stdout).toMatch(/Node/);
  expect(json(await npx(['--all', '--json'], scene.env))).toMatchObject({ state: 'completed' });
});

it.each([
  ['node16', 'node16'],
  ['esnext', 'bundler'],
])('compiles under strict, with module %s and resolution %s', async (module, resolution) => {
  writeFileSync(join(project, 'consumer.ts'), CONSUMER);
  writeFileSync(join(project, 'worker.ts'), WORKER);
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
  const options = ['--module', module, '--moduleResolution', resolution, '--target', 'es2022', '--strict'];
  const compile = async (...files: string[]) => {
    const args = [TSC, ...options, ...types, '--outDir', `out-${resolution}`, ...files];
    // tsc says what is wrong on stdout.
    const { stdout } = await inProject(process.execPath, args).catch((error: { stdout: string }) => error);
    return stdout;
  };
  expect(await compile('consumer.ts')).toBe('');
  // Temporal's own declarations do not compile without it: they import `ms`, whose exports name no types.
  expect(await compile('worker.ts', '--skipLibCheck')).toBe('');
});

it('searches from a program of one’s own', async () => {
  const { baseUrl } = scene.sandbox;
  const env = { STORE: `file:${scene.store}`, CATALOG: scene.catalog, BASE_URL: baseUrl };
  const said = JSON.parse((await inProject(process.execPath, ['out-node16/consumer.js'], env)).stdout);
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

it('gives its workflows and activities to a worker of one’s own', async () => {
  const history = join(ROOT, 'test/replay/histories/0.1.0-pinned-build.json');
  const said = JSON.parse(
    (await inProject(process.execPath, ['out-node16/worker.js'], { ...scene.env, HISTORY: history })).stdout,
  );
  expect(said).toEqual({
    replayed: true,
    activities: expect.arrayContaining(['preflight', 'planPage', 'embedBatch']),
    taskQueue: 'sample-embeddings',
    withoutTemporal: expect.stringContaining('TEMPORAL_ADDRESS must name'),
  });
});

function sizeOf(path: string): number {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
