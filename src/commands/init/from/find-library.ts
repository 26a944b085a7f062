import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { usageFault } from '../../../fault.js';
import { inShell } from '../../../in-shell.js';
import { expand, isFolder, type LibraryKind, type Machine, placesOf } from './places.js';

/** Each program's name, and the name of its library file, for messages. */
export const PROGRAMS: Readonly<Record<LibraryKind, { program: string; file: string }>> = {
  splice: { program: 'Splice', file: 'sounds.db' },
  mixxx: { program: 'Mixxx', file: 'mixxxdb.sqlite' },
  beets: { program: 'beets', file: 'library.db' },
  rekordbox: { program: 'rekordbox', file: 'rekordbox.xml' },
};

/**
 * Returns the absolute path of a program's library: the given file, the library in the given folder, or the library in
 * the program's usual places. Throws a usage Fault if there is none, or more than one.
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

/** Returns the library of beets for a settings folder: the path in its config.yaml, else library.db beside it. */
function beetsLibrary(folder: string, home: string): string[] {
  const said = beetsSetting(join(folder, 'config.yaml'));
  const library = (said ?? 'library.db').replace(/^~(?=\/)/, home);
  const path = isAbsolute(library) ? library : join(folder, library);
  return existsSync(path) ? [path] : [];
}

/** Returns the path from beets' settings file; null: no file, or no such setting. */
function beetsSetting(file: string): string | null {
  try {
    const settings: unknown = parse(readFileSync(file, 'utf8'));
    const library = (settings as { library?: unknown } | null)?.library;
    return typeof library === 'string' ? library : null;
  } catch {
    return null;
  }
}
