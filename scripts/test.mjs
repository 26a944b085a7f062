/** `npm test`: checks types and lint, then runs every test. The last lines say what ran. Arguments go to vitest. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name, file) => join(root, 'node_modules', name, file);
const run = (title, script, args) => {
  console.log(`── ${title}`);
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`── ${title}: failed`);
    process.exit(status ?? 1);
  }
};
const filters = process.argv.slice(2);
if (filters.length === 0) {
  run('types of the tests', bin('typescript', 'bin/tsc'), ['-p', 'tsconfig.test.json']);
  run('types of the pages', bin('typescript', 'bin/tsc'), ['-p', 'tsconfig.pages.json']);
  run('lint', join(root, 'scripts', 'lint.mjs'), []);
}
run('tests', bin('vitest', 'vitest.mjs'), ['run', ...filters]);
