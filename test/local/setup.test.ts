import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'setup-'));
chmodSync(root, 0o755);
afterAll(() => rmSync(root, { recursive: true, force: true }));
let project = '';
let count = 0;

const inProject = (name: string): string => join(project, name);
const write = (name: string, content: unknown): void =>
  writeFileSync(inProject(name), typeof content === 'string' ? content : JSON.stringify(content));

/** What is installed: a package in a file, so that no registry is asked. */
const archive = join(root, 'small-1.0.0.tgz');
beforeAll(() => {
  mkdirSync(join(root, 'small'));
  writeFileSync(join(root, 'small/package.json'), '{"name":"small","version":"1.0.0"}');
  spawnSync('npm', ['pack', '--pack-destination', root], { cwd: join(root, 'small') });
});

/** A project with one dependency, and a build that counts itself and takes a moment. */
beforeEach(() => {
  project = join(root, String(++count));
  for (const folder of ['scripts', 'src']) mkdirSync(inProject(folder), { recursive: true });
  for (const name of readdirSync(resolve('scripts')))
    cpSync(resolve('scripts', name), inProject(`scripts/${name}`));
  cpSync(resolve('src/check-machine.mjs'), inProject('src/check-machine.mjs'));
  const { engines, os } = JSON.parse(readFileSync(resolve('package.json'), 'utf8'));
  const dev = { devDependencies: { small: `file:${archive}` } };
  write('package.json', { name: 'p', version: '1.0.0', type: 'module', engines, os, ...dev });
  const small = { version: '1.0.0', resolved: `file:${archive}`, dev: true };
  const packages = { '': { name: 'p', version: '1.0.0', ...dev }, 'node_modules/small': small };
  write('package-lock.json', { name: 'p', version: '1.0.0', lockfileVersion: 3, requires: true, packages });
  write('src/a.ts', 'export {};');
  write('tsconfig.json', '{}');
  write(
    'scripts/build.mjs',
    `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
     import { join } from 'node:path';
     import { putInPlace, remove, workFolder } from './put-in-place.mjs';
     import { sourceHash } from './source-hash.mjs';
     const root = process.argv[1].replace('/scripts/build.mjs', '');
     const hash = sourceHash(root);
     const folder = workFolder(root, 'build');
     mkdirSync(join(folder, 'dist'));
     await new Promise((done) => setTimeout(done, 300));
     writeFileSync(join(folder, 'dist/.build-stamp'), hash);
     putInPlace(join(folder, 'dist'), join(root, 'dist'));
     remove(folder);
     appendFileSync(join(root, 'builds.log'), 'built\\n');`,
  );
});

interface Call {
  env?: Record<string, string>;
  args?: string[];
  /** Options of Node itself. */
  node?: string[];
  uid?: number;
}

function setup({ env = {}, args = [], node = [], uid }: Call = {}): Promise<{ code: number; said: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [...node, inProject('scripts/setup.mjs'), ...args], {
      cwd: tmpdir(),
      env: { ...process.env, ...env },
      ...(uid !== undefined && { uid, gid: uid }),
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    child.on('close', (code) => done({ code: code ?? -1, said }));
  });
}
const builds = (): number => readFileSync(inProject('builds.log'), 'utf8').split('\n').length - 1;
const left = (): string[] => readdirSync(inProject('.cache')).filter((name) => name !== 'setup-npm.log');
/** Makes that Node believe it is another. */
const pretend = (name: string, value: string): string[] => [
  '--import',
  `data:text/javascript,Object.defineProperty(process,${JSON.stringify(name)},{value:${value}})`,
];

test('a fresh clone is installed and built, and says so; the second time there is nothing to do', async () => {
  const first = await setup();
  expect(first.said).toMatch(
    /^Installing dependencies.*\n {2}done in [\d.]+ s\nBuilding…\n {2}done in [\d.]+ s\n$/,
  );
  expect(first.code).toBe(0);
  expect(existsSync(inProject('node_modules/small/package.json'))).toBe(true);
  expect(await setup()).toEqual({ code: 0, said: 'Everything is installed and built.\n' });
  expect(await setup({ args: ['--quiet'] })).toEqual({ code: 0, said: '' });
  expect(builds()).toBe(1);
  expect(left()).toEqual([]);
});

test('a changed source or page builder builds again', async () => {
  await setup();
  appendFileSync(inProject('src/a.ts'), '// changed');
  expect((await setup()).said).toMatch(/^Building/);
  appendFileSync(inProject('scripts/build-pages.mjs'), '// changed');
  expect((await setup()).said).toMatch(/^Building/);
});

test('a changed lock file, or no node_modules, installs again', async () => {
  await setup();
  appendFileSync(inProject('package-lock.json'), '\n');
  expect((await setup()).said).toMatch(/^Installing[\s\S]*Building/);
  rmSync(inProject('node_modules'), { recursive: true });
  expect((await setup()).said).toMatch(/^Installing/);
});

test('a node_modules of another platform, or that does not fit this Node, is made anew', async () => {
  await setup();
  const stamp = inProject('node_modules/.sample-embeddings-setup');
  const mine = readFileSync(stamp, 'utf8');
  writeFileSync(inProject('node_modules/leftover'), '');
  writeFileSync(stamp, mine.replace(`${process.platform}-${process.arch}`, 'plan9-mips'));
  expect((await setup()).said).toMatch(/^Installing/);
  expect(existsSync(inProject('node_modules/leftover'))).toBe(false);
  expect(readFileSync(stamp, 'utf8')).toBe(mine);
  // As Node 24 leaves it: better-sqlite3 12, which Node 20 needs, was not built.
  writeFileSync(stamp, mine.replace(/\n.*\n$/, '\nany\n'));
  const twenty = pretend('versions', "{...process.versions,node:'20.20.2',modules:'115'}");
  expect((await setup({ node: twenty })).said).toMatch(/^Installing/);
  const newer = pretend('versions', "{...process.versions,node:'24.21.0',modules:'137'}");
  expect((await setup({ node: newer, args: ['--quiet'] })).said).toBe('');
});

test('development dependencies come, whatever NODE_ENV and the outer npm were told', async () => {
  const env = {
    NODE_ENV: 'production',
    npm_config_omit: 'dev',
    npm_config_dry_run: 'true',
    npm_config_prefix: '/x',
  };
  expect(await setup({ env })).toMatchObject({ code: 0 });
  expect(existsSync(inProject('node_modules/small'))).toBe(true);
});

test('what fails is named, with the end of its output, and tried again the next time', async () => {
  write('scripts/build.mjs', 'console.log("this is the reason"); process.exit(3);');
  for (let attempt = 0; attempt < 2; attempt++) {
    const { code, said } = await setup();
    expect(code).toBe(1);
    expect(said).toContain('The build failed');
    expect(said).toContain('this is the reason');
  }
});

test('without a network it says what was asked and what to set', async () => {
  const asked = 'http://127.0.0.1:9/small/-/small-1.0.0.tgz';
  for (const name of ['package-lock.json', 'package.json'])
    write(name, readFileSync(inProject(name), 'utf8').replaceAll(`file:${archive}`, asked));
  const env = {
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0',
    npm_config_cache: inProject('empty-cache'),
  };
  const { code, said } = await setup({ env });
  expect(code).toBe(1);
  expect(said).toContain('npm could not reach http://127.0.0.1:9.');
  expect(said).toMatch(/HTTPS_PROXY.*npm_config_registry/);
  expect(left()).toEqual([]);
});

test('without npm it says so', async () => {
  const env = {
    PATH: dirname(process.execPath).replace(/.*/, inProject('nowhere')) + delimiter,
    npm_execpath: '',
  };
  expect(await setup({ env })).toEqual({
    code: 1,
    said: expect.stringMatching(/\nnpm is not on PATH: install Node together with npm/),
  });
});

test('a checkout that cannot be written is named; one that is complete is used', async () => {
  const asNobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  chmodSync(project, 0o555);
  expect(await setup(asNobody)).toEqual({
    code: 1,
    said: expect.stringMatching(
      /^The checkout cannot be written \(EACCES.*: clone it into a folder of your own/,
    ),
  });
  chmodSync(project, 0o755);
  await setup();
  chmodSync(project, 0o555);
  expect(await setup({ ...asNobody, args: ['--quiet'] })).toEqual({ code: 0, said: '' });
});

test.each([
  ['versions', "{...process.versions,node:'20.11.1'}", /^Node 20\.12 or newer is needed; this is v/],
  ['versions', "{...process.versions,node:'18.20.8'}", /^Node 20\.12 or newer is needed; this is v/],
  ['platform', "'win32'", /^Windows is supported through WSL only/],
  ['platform', "'aix'", /^Only linux and darwin are supported; this is aix/],
])('a machine that cannot run it gets one sentence (%s %s)', async (name, value, sentence) => {
  expect(await setup({ node: pretend(name, value) })).toEqual({
    code: 1,
    said: expect.stringMatching(sentence),
  });
  expect(existsSync(inProject('.cache'))).toBe(false);
});

test('two at once do not break each other', async () => {
  const all = await Promise.all([setup(), setup(), setup()]);
  expect(all.map(({ code, said }) => (code === 0 ? 0 : said))).toEqual([0, 0, 0]);
  expect(existsSync(inProject('node_modules/small/package.json'))).toBe(true);
  expect(await setup({ args: ['--quiet'] })).toEqual({ code: 0, said: '' });
  expect(left()).toEqual([]);
});

test('what a killed setup left behind is removed', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((done) => child.on('exit', done));
  mkdirSync(inProject(`.cache/install-${child.pid}/node_modules`), { recursive: true });
  expect(await setup()).toMatchObject({ code: 0 });
  expect(left()).toEqual([]);
});
