import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli, temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const run = (...args: string[]) => runCli(folder.path, args);

describe('the version', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

  it.each(['--version', '-V'])('%s is that of the package', async (flag) => {
    expect(await run(flag)).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('a slip', () => {
  it.each<[string[], string, string]>([
    [['serch', 'warm', 'jazz'], "unknown command 'serch'", 'search'],
    // Its options are not complained of: they are those of the command that was meant.
    [['serch', 'warm', '--bpm', '80-95'], "unknown command 'serch'", 'search'],
    [['generat'], "unknown command 'generat'", 'generate'],
    [['--all', 'statsu'], "unknown command 'statsu'", 'status'],
    [['helpp'], "unknown command 'helpp'", 'help'],
    [['schedule', 'lst'], "unknown command 'lst'", 'list'],
    [['--al'], "unknown option '--al'", '--all'],
    [['status', '--wach'], "unknown option '--wach'", '--watch'],
    [['search', 'x', '--limt', '3'], "unknown option '--limt'", '--limit'],
    [['schedule', 'create', '--evry', '1d'], "unknown option '--evry'", '--every'],
  ])('%j: what may be meant is said', async (args, what, meant) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(`error: ${what}\n(Did you mean ${meant}?)\n(see embeddings --help)\n`);
  });

  it('is said in JSON too, where JSON is asked for', async () => {
    const { code, stdout } = await run('serch', 'x', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ error: "unknown command 'serch'\n(Did you mean search?)" });
  });

  it('that is like nothing is only refused', async () => {
    const { code, stderr } = await run('qqqqqqqq');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "error: unknown command 'qqqqqqqq'\n(see embeddings --help)\n",
    });
  });
});
