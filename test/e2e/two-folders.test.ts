import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/local/sandbox-openrouter/index.js';
import { wav } from '../sources/folder/sounds.js';
import { runCli, temporaryFolder } from '../support/cli.js';
import { readStore } from '../support/referee.js';
import { json } from './scene.js';

// Each walk starts a dozen processes.
vi.setConfig({ testTimeout: 200_000 });

let folder: ReturnType<typeof temporaryFolder>;
let sandbox: Sandbox;

const pathOf = (...parts: string[]): string => join(folder.path, ...parts);
const loop = (library: string, n: number | string): string =>
  pathOf(library, 'Dusty Breaks/Loops', `DB_Moody_Loop_${n}_92_Am.wav`);
function write(file: string, seed: number): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, wav({ seed }));
}

const run = (library: string, ...args: string[]) =>
  runCli(folder.path, args, {
    OPENROUTER_API_KEY: 'sk-canary',
    OPENROUTER_BASE_URL: sandbox.baseUrl,
    DATABASE_URL: pathOf(library),
    TURSO_DATABASE_URL: 'file:vectors.db',
  });
const storedIds = () => readStore(pathOf('vectors.db')).facts.ids;
/** The paths that a search names; of a row that this folder has not, null. */
async function found(library: string, query: string): Promise<(string | null)[]> {
  const { stdout } = await run(library, 'search', query, '--limit', '50', '--json');
  return (JSON.parse(stdout) as { path: string | null }[]).map(({ path }) => path);
}

beforeEach(async () => {
  folder = temporaryFolder();
  sandbox = await startSandbox({ key: 'sk-canary' });
  for (let n = 1; n <= 6; n++) write(loop('A', n), n);
  // Three files of equal content.
  for (let n = 1; n <= 3; n++) write(pathOf('A', 'Dusty Breaks/Loops', `DB_Twin_${n}_92.wav`), 100);
  expect(json(await run('A', '--all', '--json'))).toMatchObject({ stored: 9 });
});
afterEach(async () => {
  await sandbox.stop();
  folder.remove();
});

describe('a library of which DATABASE_URL names another copy', () => {
  it('moved, edited files among it, keeps its vectors: nothing is bought, nothing is pruned unasked', async () => {
    // It keeps the id of its path in A; elsewhere it has the id of its content.
    write(loop('A', 1), 900);
    expect(json(await run('A', '--all', '--json'))).toMatchObject({ unchanged: 9, requests: 0 });
    renameSync(pathOf('A'), pathOf('B'));
    const refused = await run('B', '--all', '--prune', '--on-blocked', 'fail');
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the last run read the folder'),
    });
    expect(json(await run('B', '--all', '--json'))).toMatchObject({
      ...{ state: 'completed', unchanged: 8, copied: 1, requests: 0 },
    });
    expect(storedIds()).toHaveLength(10);
    expect(sandbox.bill().inputs).toBe(9);
    expect(json(await run('B', '--all', '--prune', '--json'))).toMatchObject({ unchanged: 9, pruned: 1 });
    expect(new Set(await found('B', 'moody loop'))).toContain(loop('B', 1));
  });

  it('and back, with other files beside it, buys each text once and plays the files of the one that is named', async () => {
    cpSync(pathOf('A'), pathOf('B'), { recursive: true });
    rmSync(loop('B', 6));
    write(loop('B', 7), 7);
    // It comes before the other three of its content, so their ids and their texts move on by one.
    write(pathOf('B', 'Aaa/Twin.wav'), 100);
    expect(json(await run('B', '--all', '--json'))).toMatchObject({
      ...{ state: 'completed', unchanged: 5, stored: 5, copied: 3, failed: 0 },
    });
    expect(sandbox.bill().inputs).toBe(11);
    expect(storedIds(), 'what A alone holds is kept').toHaveLength(11);
    const inB = (await found('B', 'moody loop')).filter((path) => path !== null);
    expect(inB).toContain(loop('B', 7));
    for (const path of inB) expect(path).toContain(`${pathOf('B')}/`);
    const inA = (await found('A', 'moody loop')).filter((path) => path !== null);
    expect(inA).toContain(loop('A', 6));
    for (const path of inA) expect(path).toContain(`${pathOf('A')}/`);

    expect(json(await run('A', '--all', '--json'))).toMatchObject({
      ...{ state: 'completed', unchanged: 6, stored: 3, copied: 3 },
    });
    expect(json(await run('A', '--all', '--json'))).toMatchObject({ unchanged: 9, requests: 0 });
    expect(sandbox.bill().inputs, 'the texts, and the query').toBe(11 + 1);
  });
});
