import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Programs whose library is a file that can be found automatically. */
export type LibraryKind = 'splice' | 'mixxx' | 'beets' | 'rekordbox';

/** The machine to search. */
export interface Machine {
  platform: NodeJS.Platform;
  home: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** The Windows user folders, as seen from Linux in WSL. */
const WINDOWS_USERS = '/mnt/c/Users';

/** Splice keeps one library for each account. */
const ACCOUNTS = 'users/*/*/sounds.db';

type Places = Readonly<Record<LibraryKind, readonly string[]>>;

/** Below the home folder; a part `*` stands for any one name. */
const MAC: Places = {
  splice: [
    `Library/Application Support/com.splice.Splice/${ACCOUNTS}`,
    `Library/Application Support/Splice/${ACCOUNTS}`,
    'Library/Application Support/com.splice.Splice/sounds.db',
  ],
  mixxx: [
    'Library/Containers/org.mixxx.mixxx/Data/Library/Application Support/Mixxx/mixxxdb.sqlite',
    'Library/Application Support/Mixxx/mixxxdb.sqlite',
  ],
  beets: ['.config/beets', 'Library/Application Support/beets'],
  rekordbox: ['Documents/rekordbox*.xml', 'Music/rekordbox*.xml', 'Desktop/rekordbox*.xml'],
};
const LINUX: Places = {
  splice: [`.config/com.splice.Splice/${ACCOUNTS}`],
  mixxx: [
    '.mixxx/mixxxdb.sqlite',
    '.local/share/mixxx/mixxxdb.sqlite',
    '.var/app/org.mixxx.Mixxx/.mixxx/mixxxdb.sqlite',
  ],
  beets: ['.config/beets'],
  rekordbox: ['Documents/rekordbox*.xml', 'Music/rekordbox*.xml', 'Desktop/rekordbox*.xml'],
};
/** Below each folder of WINDOWS_USERS. */
const WINDOWS: Places = {
  splice: [
    `AppData/Local/SpliceSettings/${ACCOUNTS}`,
    `AppData/Local/Splice/${ACCOUNTS}`,
    `AppData/Roaming/com.splice.Splice/${ACCOUNTS}`,
  ],
  mixxx: ['AppData/Local/Mixxx/mixxxdb.sqlite'],
  beets: ['AppData/Roaming/beets'],
  rekordbox: ['Documents/rekordbox*.xml', 'Music/rekordbox*.xml', 'Desktop/rekordbox*.xml'],
};

/**
 * Returns the absolute paths where a program may keep its library (beets: its folder). A part with `*` stands for any
 * matching name.
 */
export function placesOf(kind: LibraryKind, { platform, home, env }: Machine): string[] {
  const own = (platform === 'darwin' ? MAC : LINUX)[kind].map((place) => join(home, place));
  const fromEnvironment = {
    splice: [],
    mixxx: env.XDG_DATA_HOME ? [join(env.XDG_DATA_HOME, 'mixxx/mixxxdb.sqlite')] : [],
    beets: [env.BEETSDIR, env.XDG_CONFIG_HOME && join(env.XDG_CONFIG_HOME, 'beets')].filter(isFilled),
    rekordbox: [],
  }[kind];
  const windows =
    platform === 'linux' && isFolder(WINDOWS_USERS)
      ? WINDOWS[kind].map((place) => join(WINDOWS_USERS, '*', place))
      : [];
  return [...new Set([...fromEnvironment, ...own, ...windows])];
}

const isFilled = (text: string | undefined): text is string => text !== undefined && text !== '';

/** Returns the existing paths that match a place, in order of name. A folder that cannot be read matches nothing. */
export function expand(place: string): string[] {
  const [, ...parts] = place.split('/');
  let found = ['/'];
  for (const part of parts) {
    const fits = new RegExp(`^${part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
    found = part.includes('*')
      ? found.flatMap((folder) =>
          namesIn(folder)
            .filter((name) => fits.test(name))
            .map((name) => join(folder, name)),
        )
      : found.map((folder) => join(folder, part));
  }
  return found.filter((path) => existsSync(path));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

export const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};
