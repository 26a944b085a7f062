import type { Database } from '../../../sqlite.js';
import { codeOf, sameStamp } from '../disk/stat.js';
import type { FoundFile } from '../disk/walk.js';
import { type Walked, type WalkedFolder, walk } from '../disk/walk.js';
import { READER_VERSION } from '../index-file/schema.js';

/** What the comparison leaves for the steps after it; only this connection sees it. */
const TABLES = `
  drop table if exists temp.met;
  drop table if exists temp.todo;
  drop table if exists temp.gone;
  -- Folders that were read, in the order of the walk. dirty: some of its rows may have to change.
  create temp table met (
    seq integer primary key, key text unique, root text, shown text, device text, dirty integer);
  -- Files to read.
  create temp table todo (
    seq integer primary key, folder text, name text, shown text, size integer, mtime text, unique (folder, name));
  -- Entries whose files are not where they were.
  create temp table gone (entry integer primary key, hash text);
  create index temp.gone_by_hash on gone (hash);`;

export interface DiskComparison {
  /** Audio files that were met. */
  found: number;
  unchanged: number;
  /** The folder, or what a link led to, and what the file system said of it. */
  unreadable: { path: string; code: string }[];
  /** Links that lead out of the roots. */
  outside: string[];
}

interface Known {
  id: number;
  name: string;
  size: number;
  mtime: string;
  reader: number;
}

interface FolderNow {
  root: string;
  shown: string;
  device: string;
  names: string | null;
  filled: number;
}

/**
 * Compares the disk with the index; changes only temporary tables. What could not be read counts as unchanged, so that
 * its rows stay.
 */
export async function compareWithDisk(
  index: Database.Database,
  {
    roots,
    ignore,
    signal,
    onFound,
  }: {
    roots: readonly string[];
    ignore: readonly string[];
    signal?: AbortSignal | undefined;
    onFound(found: number): void;
  },
): Promise<DiskComparison> {
  index.exec(TABLES);
  const compare = comparing(index);
  const result: DiskComparison = { found: 0, unchanged: 0, unreadable: [], outside: [] };
  const unread = new Set<string>();
  for await (const walked of walk(roots, { ignore, signal })) {
    if (walked.kind === 'unreadable') {
      unread.add(walked.folder.key);
      result.unreadable.push({
        path: pathOf(walked.folder),
        code: codeOf(walked.error) || String(walked.error),
      });
      continue;
    }
    const lost = walked.kind === 'folder' && walked.empty && compare.wasElsewhere(walked);
    if (lost) {
      unread.add(walked.folder.key);
      result.unreadable.push({ path: pathOf(walked.folder), code: 'UNMOUNTED' });
      continue;
    }
    if (walked.kind === 'link' && walked.outside)
      result.outside.push(pathOf(walked.folder, walked.name.shown));
    result.unchanged += compare.take(walked);
    result.found += walked.kind === 'folder' ? walked.files.length : walked.file ? 1 : 0;
    onFound(result.found);
  }
  compare.finish(unread);
  return result;
}

export const pathOf = ({ root, shown }: Pick<WalkedFolder, 'root' | 'shown'>, file?: string): string =>
  [root === '/' ? '' : root, shown, file].filter((part, at) => at === 0 || part).join('/') || '/';

function comparing(index: Database.Database) {
  const knownIn = index.prepare<[string], Known>(
    `select entries.id, name, size, mtime, reader from entries join folders on folders.id = entries.folder
     where folders.key = ?`,
  );
  const knownFile = index.prepare<[string, string], Known>(
    `select entries.id, name, size, mtime, reader from entries join folders on folders.id = entries.folder
     where folders.key = ? and name = ?`,
  );
  const folderNow = index.prepare<[string], FolderNow>(
    `select root, shown, device, names, exists (select 1 from entries where folder = folders.id) as filled
     from folders where key = ?`,
  );
  const meet = index.prepare('insert into temp.met (key, root, shown, device, dirty) values (?, ?, ?, ?, ?)');
  const soil = index.prepare('update temp.met set dirty = 1 where key = ?');
  const note = index.prepare(
    'insert or ignore into temp.todo (folder, name, shown, size, mtime) values (?, ?, ?, ?, ?)',
  );
  const lose = index.prepare('insert or ignore into temp.gone select id, hash from entries where id = ?');
  const loseAll = index.prepare(
    `insert or ignore into temp.gone select entries.id, hash from entries join folders on folders.id = entries.folder
     where folders.key = ?`,
  );

  /** @returns whether nothing has to be done for it. */
  const takeFile = (folder: WalkedFolder, file: FoundFile, known: Known | undefined): boolean => {
    if (known?.reader === READER_VERSION && sameStamp(known, file)) return true;
    note.run(folder.key, file.name.key, file.name.shown, file.size, file.mtime);
    return false;
  };
  const takeFolder = ({ folder, device, files, unsure }: Walked & { kind: 'folder' }): number => {
    const before = folderNow.get(folder.key);
    const known = new Map((before ? knownIn.all(folder.key) : []).map((entry) => [entry.name, entry]));
    let unchanged = 0;
    for (const file of files) {
      if (takeFile(folder, file, known.get(file.name.key))) unchanged++;
      known.delete(file.name.key);
    }
    let lost = 0;
    for (const entry of known.values()) if (!unsure.has(entry.name)) lost += lose.run(entry.id).changes;
    const stale =
      before && (before.names === null || before.root !== folder.root || before.shown !== folder.shown);
    const dirty = unchanged < files.length || lost > 0 || stale;
    meet.run(folder.key, folder.root, folder.shown, device, dirty ? 1 : 0);
    return unchanged;
  };
  const takeLink = ({ folder, name, file }: Walked & { kind: 'link' }): number => {
    const known = knownFile.get(folder.key, name.key);
    if (file && takeFile(folder, file, known)) return 1;
    if (file || known) soil.run(folder.key);
    if (!file && known) lose.run(known.id);
    return 0;
  };
  const take = index.transaction((walked: Walked & { kind: 'folder' | 'link' }): number =>
    walked.kind === 'folder' ? takeFolder(walked) : takeLink(walked),
  );

  return {
    take,
    /** Whether it held files when it lay on another device: the empty folder that an unmounted disk leaves. */
    wasElsewhere({ folder, device }: Walked & { kind: 'folder' }): boolean {
      const before = folderNow.get(folder.key);
      return before !== undefined && before.filled === 1 && before.device !== device;
    },
    /** What lies in folders that were not met is gone, but for those below what could not be read. */
    finish(unread: ReadonlySet<string>): void {
      const unmet = index
        .prepare<[], string>('select key from folders where key not in (select key from temp.met)')
        .pluck()
        .all();
      for (const key of unmet) if (!isBelow(key, unread)) loseAll.run(key);
    },
  };
}

function isBelow(key: string, folders: ReadonlySet<string>): boolean {
  if (folders.size === 0) return false;
  for (let end = key.length; end >= 0; end = end === 0 ? -1 : key.lastIndexOf('/', end - 1)) {
    if (folders.has(key.slice(0, Math.max(end, 0)))) return true;
  }
  return false;
}
