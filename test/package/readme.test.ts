import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('the way of the README to install the command works in an empty home, and anywhere', {
  timeout: 300_000,
}, () => {
  const blocks = readFileSync('README.md', 'utf8').matchAll(/```bash\n(.*?)```/gs);
  const install = [...blocks]
    .map((block) => block[1] ?? '')
    .find((text) => text.includes('npm install --global'));
  const home = join(folder.path, 'home');
  const elsewhere = join(folder.path, 'else where');
  mkdirSync(home);
  mkdirSync(elsewhere);
  const output = execFileSync(
    'sh',
    ['-euc', `${install}\ncd '${elsewhere}'\nembeddings --version\ncommand -v embeddings`],
    { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: home, npm_config_update_notifier: 'false' } },
  );
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(output.trim().split('\n').slice(-2)).toEqual([version, join(home, '.local/bin/embeddings')]);
});
