import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../sqlite.js';
import { CUT_SHORT } from '../audio/facts.js';
import { type ReadFile, readAudio } from '../audio/read-audio.js';
import { describeFile, type Place } from '../describe/row.js';
import { mapAtOnce } from '../disk/each.js';
import { diskPathOf } from '../disk/paths.js';
import { codeOf, type FileStamp, sameStamp } from '../disk/stat.js';
import type { readFolderNames } from '../names/index.js';
import { pathOf } from './look.js';
import { createSave, type Outcome, parseFacts } from './save.js';

/** Files that are held in memory at a time. */
const BATCH = 200;
/** Files under way at a time: enough for a network disk, few enough for memory. */
const AT_ONCE = 16;
/** A file that was written to so lately may be half a copy, in milliseconds. */
const FRESH_MS = 5000;
/** A fresh file must stay as it was for so long, in milliseconds. */
const STILL_MS = 500;

interface MetFolder {
  key: string;
  root: string;
  shown: string;
  device: string;
}
interface ToDo extends FileStamp {
  name: string;
  shown: string;
}

export interface TakenIn extends Record<Exclude<Outcome, 'none'>, number> {
  postponed: string[];
  unreadable: { path: string; code: string }[];
}

/** Reads what the look at the disk found new or changed, a folder at a time, and writes it in small transactions. */
export async function takeIn(
  index: Database.Database,
  {
    lookedAt,
    readNames,
    signal,
    onDone,
  }: {
    /** When the look ended, by performance.now(). */
    lookedAt: number;
    readNames: typeof readFolderNames;
    signal?: AbortSignal | undefined;
    onDone(files: number): void;
  },
): Promise<TakenIn> {
  const result: TakenIn = { added: 0, changed: 0, moved: 0, postponed: [], unreadable: [] };
  const save = createSave(index);
  const writing = createTransactions(index);
  const folders = index.prepare<[number], MetFolder & { seq: number }>(
    'select * from temp.met where dirty = 1 and seq > ? order by seq limit 1',
  );
  try {
    for (let folder = folders.get(0); folder; folder = folders.get(folder.seq)) await takeFolder(folder);
  } finally {
    writing.end();
  }
  return result;

  async function takeFolder(folder: MetFolder): Promise<void> {
    writing.begin();
    const id = keepFolder(index, folder);
    const names = presentNames(index, id, folder.key);
    const rootName = folder.root.split('/').at(-1) ?? '';
    const facts = readNames(folder.shown, names, rootName);
    const todo = index.prepare<[string, string], ToDo>(
      `select name, shown, size, mtime from temp.todo where folder = ? and name > ? order by name limit ${BATCH}`,
    );
    for (let batch = todo.all(folder.key, ''); batch.length > 0; ) {
      signal?.throwIfAborted();
      const read = await mapAtOnce(batch, AT_ONCE, (file) => readOne(folder, file));
      writing.begin();
      for (const [at, file] of batch.entries()) {
        const one = read[at];
        if (!one) continue;
        const row =
          one.facts &&
          describeFile(placeOf(folder, { ...file, ...one.stamp }), one.facts, facts.factsOf(file.shown));
        const outcome = save.file({ folder: id, name: file.name, shown: file.shown, read: one, row });
        if (outcome !== 'none') result[outcome]++;
      }
      writing.wrote(batch.length);
      onDone(batch.length);
      batch = todo.all(folder.key, batch.at(-1)?.name ?? '');
    }
    describeOthers(folder, id, facts.factsOf);
  }

  /** What the names of a folder tell depends on all of them: rows of files that did not change are described anew. */
  function describeOthers(
    folder: MetFolder,
    id: number,
    factsOf: ReturnType<typeof readNames>['factsOf'],
  ): void {
    const others = index.prepare<
      [number, string, number, number],
      ToDo & { sample: number; facts: string; id: number }
    >(
      `select id, name, shown, size, mtime, sample, facts from entries
         where folder = ? and sample is not null and name not in (select name from temp.todo where folder = ?)
           and id not in (select entry from temp.gone) and id > ? order by id limit ?`,
    );
    let after = 0;
    for (;;) {
      const page = others.all(id, folder.key, after, BATCH);
      writing.begin();
      for (const file of page) {
        const place = placeOf(folder, file);
        save.row(file.sample, describeFile(place, parseFacts(file.facts), factsOf(file.shown)));
      }
      writing.wrote(page.length);
      const last = page.at(-1);
      if (!last || page.length < BATCH) return;
      after = last.id;
    }
  }

  /** Null: it is left as it is, and told. */
  async function readOne(folder: MetFolder, file: ToDo): Promise<ReadFile | null> {
    const path = pathOf(folder, file.shown);
    const fresh = isFresh(file);
    if (fresh)
      await sleep(Math.max(0, lookedAt + STILL_MS - performance.now()), undefined, signal && { signal });
    try {
      const read = await readAudio(diskPathOf(`${folder.key}/${file.name}`), file.shown);
      const moving =
        fresh && (!sameStamp(read.stamp, file) || read.problem === CUT_SHORT || read.stamp.size === 0);
      if (!moving) return read;
      result.postponed.push(path);
    } catch (error) {
      if (signal?.aborted) throw error;
      result.unreadable.push({ path, code: codeOf(error) || String(error) });
    }
    return null;
  }
}

/**
 * Transactions of about 1,000 rows, over several folders. One may stay open while files are read: only its scan writes
 * into an index, and readers do not wait for it.
 */
function createTransactions(index: Database.Database) {
  let rows = 0;
  const end = (): void => {
    if (index.inTransaction) index.exec('commit');
    rows = 0;
  };
  return {
    begin(): void {
      if (!index.inTransaction) index.exec('begin immediate');
    },
    wrote(count: number): void {
      rows += count;
      if (rows >= 1000) end();
    },
    end,
  };
}

/** A time in the future is a wrong clock, not a copy under way. */
function isFresh({ mtime }: FileStamp): boolean {
  const age = Date.now() - Number(BigInt(mtime) / 1_000_000n);
  return age >= 0 && age < FRESH_MS;
}

function placeOf(folder: MetFolder, { name, shown, size, mtime }: ToDo): Place {
  const path = diskPathOf(`${folder.key}/${name}`);
  return {
    path: typeof path === 'string' ? path : pathOf(folder, shown),
    ...{ root: folder.root, folder: folder.shown, file: shown, size, mtime },
  };
}

function keepFolder(index: Database.Database, { key, root, shown, device }: MetFolder): number {
  const row = index
    .prepare<[string, string, string, string], number>(
      `insert into folders (key, root, shown, device) values (?, ?, ?, ?)
       on conflict (key) do update set root = excluded.root, shown = excluded.shown, device = excluded.device
       returning id`,
    )
    .pluck()
    .get(key, root, shown, device);
  return Number(row);
}

/** The names of the audio files that lie in the folder now. */
const presentNames = (index: Database.Database, id: number, key: string): string[] =>
  index
    .prepare<[string, number], string>(
      `select shown from temp.todo where folder = ?
       union select shown from entries where folder = ? and id not in (select entry from temp.gone)`,
    )
    .pluck()
    .all(key, id);
