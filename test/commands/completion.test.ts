import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/commands/program.js';
import { runCli, temporaryFolder } from '../support/cli.js';
import { runInTerminal } from '../support/terminal.js';

const folder = temporaryFolder();
beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await runCli(folder.path, ['completion', shell]);
    expect(code).toBe(0);
    writeFileSync(join(folder.path, `completion.${shell}`), stdout);
  }
  writeFileSync(join(folder.path, 'old map.html'), '');
  mkdirSync(join(folder.path, 'older'));
});
afterAll(() => folder.remove());

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

function run(shell: string, line: string): string[] {
  const { stdout, stderr, status } = spawnSync(shell, ['-c', line], { cwd: folder.path, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((word) => word !== '');
}

/** What bash is offered after these words, of which the last is being typed. */
function inBash(...words: string[]): string[] {
  const typed = ['embeddings', ...words].map((word) => `'${word}'`).join(' ');
  return run(
    'bash',
    `compopt() { :; }; source ./completion.bash; COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _embeddings; printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
}

/** The same for fish, without its descriptions. */
const inFish = (...words: string[]): string[] =>
  run('fish', `source ./completion.fish; complete -C '${['embeddings', ...words].join(' ')}'`).map(
    (line) => line.split('\t')[0] ?? '',
  );

/** What may be typed, and all that may come of it. */
const CASES: [string[], string[]][] = [
  [['sea'], ['search']],
  [['schedule', 'pa'], ['pause']],
  [
    ['schedule', 'create', '--max-'],
    ['--max-cost', '--max-retries'],
  ],
  [
    ['search', '--mo'],
    ['--mode', '--mood'],
  ],
  [
    ['search', '--mode', ''],
    ['hybrid', 'text', 'vector'],
  ],
  [['search', '--mode', 'v'], ['vector']],
  // The value of an option is no command, and what stands before an option is no place.
  [['--sample-ids', 'search', '--on-b'], ['--on-blocked']],
  [['search', 'dusty', 'status', '--gen'], ['--genre']],
  // Options of the default command, without its name.
  [['--dry'], ['--dry-run']],
  [
    ['--on-blocked', ''],
    ['fail', 'wait'],
  ],
  [['demo', 'search', '--sam'], ['--samples']],
  [['demo', '--sam'], ['--samples']],
  [
    ['completion', ''],
    ['bash', 'fish', 'zsh'],
  ],
  [['help', 'expl'], ['explain']],
  [['search', '--genre', ''], []],
  [
    ['map', '--out', 'old'],
    ['old map.html', 'older'],
  ],
];

describe('bash', () => {
  it.each(CASES)('%j', (words, offered) => expect(inBash(...words).sort()).toEqual(offered));

  it('knows --option=value, which it parts into three words', () => {
    expect(inBash('search', '--mode', '=', 'v')).toEqual(['vector']);
    expect(inBash('search', '--mode', '=')).toEqual(['hybrid', 'vector', 'text']);
    expect(inBash('--sample-ids', '=', 'search', '--on-b')).toEqual(['--on-blocked']);
  });

  it('is offered every command and option that there is', () => {
    const program = buildProgram(process, () => undefined);
    const named = program.commands.map((command) => command.name());
    expect(inBash('').sort()).toEqual([...named, 'help'].sort());
    for (const command of program.commands) {
      const flags = command.options.flatMap(({ long }) => (long == null ? [] : [long]));
      expect(inBash(command.name(), '-')).toEqual(expect.arrayContaining([...flags, '--help']));
    }
  });
});

describe.skipIf(!has('fish'))('fish', () => {
  it.each(CASES.filter(([[first = '']]) => first !== 'map'))('%j', (words, offered) =>
    expect(inFish(...words).sort()).toEqual(offered),
  );

  it('offers files where an option takes one, and nowhere else', () => {
    expect(inFish('map', '--out', 'old')).toEqual(expect.arrayContaining(['older/']));
    expect(inFish('explain', 'old')).toEqual([]);
  });
});

describe.skipIf(!has('zsh'))('zsh', () => {
  it('completes what is typed, in a terminal', { timeout: 120_000 }, async () => {
    const zsh = runInTerminal(folder.path, 'zsh -f');
    writeFileSync(join(folder.path, 'told.zsh'), `embeddings() { print -r -- "<\${(j:|:)@}>" }\n`);
    zsh.type(
      "autoload -U compinit; compinit -u -D; source ./completion.zsh; source ./told.zsh; print rea''dy\r",
    );
    await zsh.says('ready');
    for (const [typed, run] of [
      ['sea\t', '<search>'],
      ['schedule pa\t', '<schedule|pause>'],
      ['search --min\t 0.5', '<search|--min-similarity|0.5>'],
      ['search --mode v\t', '<search|--mode|vector>'],
      ['search --mode=h\t', '<search|--mode=hybrid>'],
      ['--sample-ids search --on-b\t fa\t', '<--sample-ids|search|--on-blocked|fail>'],
      ['--dry\t', '<--dry-run>'],
      ['demo search --sam\t 3', '<demo|search|--samples|3>'],
      ['completion f\t', '<completion|fish>'],
      ['help expl\t', '<help|explain>'],
      ['map --out olde\t', '<map|--out|older>'],
    ] as const) {
      zsh.type(`embeddings ${typed}\r`);
      await zsh.says(run);
    }
    zsh.type('exit\r');
    await zsh.done;
  });
});

it('another shell is refused with the three', async () => {
  const { code, stderr } = await runCli(folder.path, ['completion', 'tcsh']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/Allowed choices are bash, zsh, fish/);
});
