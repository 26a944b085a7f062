import { lstat, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isInside } from './roots.js';

/** Returns whether a path without links in it is in one of the roots. */
export type IsWithin = (real: Buffer) => boolean;

/** Creates the check. Roots may be links. A root that is missing contains nothing. */
export async function withinRoots(roots: readonly string[]): Promise<IsWithin> {
  const all = await Promise.all(
    roots.map((root) => realpath(root, { encoding: 'buffer' }).catch(() => null)),
  );
  // Each byte as one character, so that names which are not UTF-8 are compared exactly.
  const real = all.flatMap((root) => (root === null ? [] : [root.toString('latin1')]));
  return (path) => real.some((root) => isInside(path.toString('latin1'), root));
}

/**
 * Returns whether a link leads an absolute path below `root` out of the roots. The answer does not depend on what exists
 * there: the deepest part of the path that can be resolved decides. A link that cannot be resolved counts as leading out.
 */
export async function leadsOut(path: string, root: string, within: IsWithin): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    const real = await realpath(at, { encoding: 'buffer' }).catch(() => null);
    if (real !== null) return !within(real);
    if (at === root) return false;
    const isThere = await lstat(at).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
}
