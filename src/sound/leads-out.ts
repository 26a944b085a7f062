import { readlink } from 'node:fs/promises';
import { isWithin, type Root, realBytes } from './within-roots.js';

/** Links followed in one path, as on Linux. */
const MOST_LINKS = 40;

/**
 * Returns whether an absolute path leads out of the roots, links and `..` followed as the system does. The answer does
 * not tell what exists outside: a place outside counts as out whether it is there or not, and so does a way back from
 * it by `..`. A path with a missing part in the roots is judged by its text from there on. A link outside that leads to
 * a file in the roots does not count as out: the path of a root may be written through such a link.
 */
export async function leadsOut(path: Buffer, roots: readonly Root[]): Promise<boolean> {
  const known = roots.map(({ given, real }) => ({ given: partsOf(given), real: partsOf(real ?? given) }));
  const isInRoot = (at: Parts): boolean => known.some(({ real }) => startsWith(at, real));
  // The folders above a root exist if the root does, so they tell nothing.
  const isAboveRoot = (at: Parts): boolean =>
    known.some(({ given, real }) => startsWith(given, at) || startsWith(real, at));
  const isKnown = (at: Parts): boolean => isInRoot(at) || isAboveRoot(at);
  let [at, rest] = fromRoot(partsOf(path), known);
  let hasLeft = false;
  for (let links = 0; rest.length > 0; ) {
    const [name = '', ...after] = rest;
    rest = after;
    if (name === '..') {
      if (!isKnown(at)) return true;
      at = at.slice(0, -1);
      continue;
    }
    const next = [...at, name];
    hasLeft ||= !isKnown(next);
    const target = await linkAt(next);
    if (target === 'missing' || (target !== null && ++links > MOST_LINKS))
      return hasLeft || !isInRoot(asWritten(next, rest));
    if (target === null) at = next;
    else if (target[0] === SLASH) [at, rest] = fromRoot([...partsOf(target), ...rest], known);
    else rest = [...partsOf(target), ...rest];
  }
  // Where letter case does not count, the system says how the path is written.
  const real = await realBytes(bytesOf(at)).catch(() => null);
  return real === null ? hasLeft || !isInRoot(at) : !isWithin(real, roots);
}

/** The names in a path, each byte as one character, since a name may not be UTF-8. */
type Parts = readonly string[];

const SLASH = '/'.charCodeAt(0);

const partsOf = (path: Buffer): Parts =>
  path
    .toString('latin1')
    .split('/')
    .filter((part) => part !== '' && part !== '.');

const bytesOf = (parts: Parts): Buffer => Buffer.from(`/${parts.join('/')}`, 'latin1');

const startsWith = (path: Parts, start: Parts): boolean => start.every((part, at) => path[at] === part);

/** Returns the real path of the innermost root that the path begins with, otherwise `/`, and what comes after it. */
function fromRoot(path: Parts, known: readonly { given: Parts; real: Parts }[]): [at: Parts, rest: Parts] {
  let best: [Parts, Parts] = [[], path];
  for (const { given, real } of known)
    for (const start of [given, real])
      if (startsWith(path, start) && path.length - start.length < best[1].length)
        best = [real, path.slice(start.length)];
  return best;
}

/** Returns where a link leads; null: it is no link; `missing`: nothing is known of that place. */
const linkAt = (parts: Parts): Promise<Buffer | null | 'missing'> =>
  readlink(bytesOf(parts), { encoding: 'buffer' }).catch((error: NodeJS.ErrnoException) =>
    error.code === 'EINVAL' ? null : 'missing',
  );

function asWritten(at: Parts, rest: Parts): Parts {
  const parts = [...at];
  for (const name of rest) {
    if (name === '..') parts.pop();
    else parts.push(name);
  }
  return parts;
}
