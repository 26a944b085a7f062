import { spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'setup-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let project = '';
let count = 0;

const inProject = (name: string): string => join(project, name);
const write = (name: string, content: unknown): void =>
  writeFileSync(inProject(name), typeof content === 'string' ? content : JSON.stringify(content));

/** A project with no dependencies from a registry, and a build that counts itself and takes a moment. */
beforeEach(() => {
  project = join(root, String(++count));
  for (const folder of ['scripts', 'src', 'linked']) mkdirSync(inProject(folder), { recursive: true });
  cpSync(resolve('scripts/setup.mjs'), inProject('scripts/setup.mjs'));
  const dev = { devDependencies: { linked: 'file:linked' } };
  write('package.json', {
    name: 'p',
    version: '1.0.0',
    scripts: { build: 'node scripts/build.mjs' },
    ...dev,
  });
  write('linked/package.json', { name: 'linked', version: '1.0.0' });
  const packages = {
    '': { name: 'p', version: '1.0.0', ...dev },
    linked: { version: '1.0.0', dev: true },
    'node_modules/linked': { resolved: 'linked', link: true },
  };
  write('package-lock.json', { name: 'p', version: '1.0.0', lockfileVersion: 3, requires: true, packages });
  write('src/a.ts', 'export {};');
  write('tsconfig.json', '{}');
  write(
    'scripts/build.mjs',
    `import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
     rmSync('dist', { recursive: true, force: true });
     await new Promise((done) => setTimeout(done, 300));
     mkdirSync('dist');
     appendFileSync('builds.log', 'built\\n');`,
  );
});

function setup(
  environment: Record<string, string> = {},
  ...args: string[]
): Promise<{ code: number; said: string }> {
  return new Promise((done) => {
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, [inProject('scripts/setup.mjs'), ...args], { cwd: tmpdir(), env });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    child.on('close', (code) => done({ code: code ?? -1, said }));
  });
}
const builds = (): number => readFileSync(inProject('builds.log'), 'utf8').split('\n').length - 1;

test('a fresh clone is installed and built, and says so; the second time there is nothing to do', async () => {
  const first = await setup();
  expect(first).toMatchObject({ code: 0 });
  expect(first.said).toMatch(
    /^Installing dependencies.*\n {2}done in [\d.]+ s\nBuilding .*\n {2}done in [\d.]+ s\n$/,
  );
  expect(existsSync(inProject('node_modules/linked'))).toBe(true);
  expect(await setup()).toEqual({ code: 0, said: 'Everything is installed and built.\n' });
  expect(await setup({}, '--quiet')).toEqual({ code: 0, said: '' });
  expect(builds()).toBe(1);
});

test('a changed source is built again, a changed lock file installed again', async () => {
  await setup();
  appendFileSync(inProject('src/a.ts'), '// changed');
  expect((await setup()).said).toMatch(/^Building/);
  appendFileSync(inProject('package-lock.json'), '\n');
  expect((await setup()).said).toMatch(/^Installing[\s\S]*Building/);
  rmSync(inProject('node_modules'), { recursive: true });
  expect((await setup()).said).toMatch(/^Installing/);
});

test('an install made by hand is kept', async () => {
  await setup();
  rmSync(inProject('node_modules/.sample-embeddings-setup'));
  expect(await setup()).toMatchObject({ code: 0, said: '' });
});

test('development dependencies come, whatever NODE_ENV and the outer npm were told', async () => {
  const outer = {
    NODE_ENV: 'production',
    npm_config_omit: 'dev',
    npm_config_dry_run: 'true',
    npm_config_prefix: '/x',
  };
  expect(await setup(outer)).toMatchObject({ code: 0 });
  expect(existsSync(inProject('node_modules/linked'))).toBe(true);
});

test('what fails is named, with the end of its output, and tried again the next time', async () => {
  write('scripts/build.mjs', 'console.log("this is the reason"); process.exit(3);');
  for (let attempt = 0; attempt < 2; attempt++) {
    const { code, said } = await setup();
    expect(code).toBe(1);
    expect(said).toContain('npm run failed');
    expect(said).toContain('this is the reason');
  }
});

test('two at once do the work once', async () => {
  const both = await Promise.all([setup(), setup(), setup()]);
  expect(both.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(builds()).toBe(1);
});

test('the lock of a setup that was killed is taken over', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((done) => child.on('exit', done));
  mkdirSync(inProject('.cache/setup.lock'), { recursive: true });
  write('.cache/setup.lock/pid', String(child.pid));
  expect(await setup()).toMatchObject({ code: 0 });
  expect(existsSync(inProject('.cache/setup.lock'))).toBe(false);
});
