import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const stamp = `${here}node_modules/.bench-peers`;
const ARGS = ['ci', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'];

/**
 * Installs the peers' packages in exact versions into bench/peers/node_modules, unless they are there. better-sqlite3,
 * @libsql/client and cli-table3 come from the project itself. Returns npm's error message when it fails, else null.
 */
export function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(`${here}package-lock.json`))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return null;
  process.stderr.write('installing what is compared with, into bench/peers/node_modules\n');
  const { status, stderr, error } = spawnSync('npm', ARGS, { cwd: here, encoding: 'utf8' });
  if (status !== 0) return `npm ci: ${error?.message ?? stderr.trim().split('\n').at(-1)}`;
  writeFileSync(stamp, wanted);
  return null;
}

/** Returns the exact versions, for the report. */
export const versions = () =>
  Object.entries(JSON.parse(readFileSync(`${here}package.json`, 'utf8')).dependencies)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
