import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const BUILDERS = [
  'build.mjs',
  'build-pages.mjs',
  'bundle-cli.mjs',
  'bundle-map.mjs',
  'bundle-tracing.mjs',
  'put-in-place.mjs',
];

/** Returns a hash of everything that dist is built from. `dist/.build-stamp` contains the hash of the last build. */
export function sourceHash(root) {
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    // Node 20.12 has only the older name, `path`.
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const others = ['tsconfig.json', 'package-lock.json', ...BUILDERS.map((name) => join('scripts', name))];
  const hash = createHash('sha256');
  for (const file of [...sources.sort(), ...others.map((name) => join(root, name))])
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}
