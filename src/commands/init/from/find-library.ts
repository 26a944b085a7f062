import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { usageFault } from '../../../fault.js';
import { inShell } from '../../in-shell.js';
import { expand, isFolder, type LibraryKind, type Machine, placesOf } from './places.js';

/** How sentences name a program, and the file that holds its library. */
export const PROGRAMS: Readonly<Record<LibraryKind, { program: string; file: string }>> = {
  splice: { program: 'Splice', file: 'sounds.db' },
  mixxx: { program: 'Mixxx', file: 'mixxxdb.sqlite' },
  beets: { program: 'beets', file: 'library.db' },
  rekordbox: { program: 'rekordbox', file: 'rekordbox.xml' },
};

/**
 * The absolute path of a program's library: the file that is named, the library in the folder that is named, or the one
 * in its usual places. Throws a usage Fault where there is none, or more than one.
 */
export function findLibrary(
  kind: LibraryKind,
  path: string | undefined,
  machine: Machine,
  cwd: string,
): string {
  const { program, file } = PROGRAMS[kind];
  if (path !== undefined) {
    const named = resolve(cwd, path.replace(/^~(?=\/|$)/, machine.home));
    if (!isFolder(named)) {
      if (!existsSync(named))
        throw usageFault(`--path: there is no file ${named}: name ${file} of ${program}, or its folder`);
      return named;
    }
    return one(kind, inFolder(kind, named, machine.home), [named]);
  }
  const places = placesOf(kind, machine);
  const found = places.flatMap(expand);
  return one(
    kind,
    kind === 'beets' ? found.flatMap((folder) => beetsLibrary(folder, machine.home)) : found,
    places,
  );
}

function one(kind: LibraryKind, found: readonly string[], places: readonly string[]): string {
  const { program, file } = PROGRAMS[kind];
  const [first, ...others] = [...new Set(found)];
  if (first === undefined)
    throw usageFault(
      `--from ${kind}: no library of ${program} was found. Looked for ${places.join(', ')}: ` +
        (kind === 'rekordbox'
          ? 'export it in rekordbox (File, Export Collection in xml format), then name the file with --path'
          : `name its ${file} with --path`),
    );
  if (others.length > 0)
    throw usageFault(
      `--from ${kind}: ${program} has ${others.length + 1} libraries here: choose one of them with --path:\n` +
        [first, ...others].map((each) => `  --path ${inShell(each)}`).join('\n'),
    );
  return first;
}

function inFolder(kind: LibraryKind, folder: string, home: string): string[] {
  if (kind === 'beets') return beetsLibrary(folder, home);
  const { file } = PROGRAMS[kind];
  const inside = [
    file,
    ...(kind === 'splice' ? ['*/sounds.db', '*/*/sounds.db', 'users/*/*/sounds.db'] : []),
  ];
  return inside.flatMap((place) => expand(join(folder, place)));
}

/** The library of beets whose settings lie in a folder: where its config.yaml says, else library.db beside it. */
function beetsLibrary(folder: string, home: string): string[] {
  const said = beetsSetting(join(folder, 'config.yaml'));
  const library = (said ?? 'library.db').replace(/^~(?=\/)/, home);
  const path = isAbsolute(library) ? library : join(folder, library);
  return existsSync(path) ? [path] : [];
}

/** Null: there is no such file, or it does not say. */
function beetsSetting(file: string): string | null {
  try {
    const settings: unknown = parse(readFileSync(file, 'utf8'));
    const library = (settings as { library?: unknown } | null)?.library;
    return typeof library === 'string' ? library : null;
  } catch {
    return null;
  }
}
