import { fileUrlOf } from '../../../file-url.js';
import type { Database } from '../../../sqlite.js';
import type { ReadFile } from '../audio/read-audio.js';
import { describeFile, type Place } from '../describe/row.js';
import { mapAtOnce } from '../disk/each.js';
import { diskPathOf } from '../disk/paths.js';
import { codeOf, type FileStamp } from '../disk/stat.js';
import type { FolderNames, readFolderNames } from '../names/index.js';
import { pathOf } from './compare-with-disk.js';
import { createFolderRows, type MetFolder } from './folder-rows.js';
import { readSettled } from './read-settled.js';
import { createSave, type Outcome, parseFacts } from './save.js';
import { createTransactions } from './transactions.js';

/** Files that are held in memory at a time. */
const BATCH = 200;
/** Files that are read concurrently: enough for a network disk, few enough for memory. */
const AT_ONCE = 16;

/** A file as the index or the walk knows it. */
interface KnownFile extends FileStamp {
  name: string;
  shown: string;
}

export interface IndexFilesOptions {
  /** When the walk ended, by performance.now(). */
  lookedAt: number;
  readNames: typeof readFolderNames;
  signal?: AbortSignal | undefined;
  onDone(files: number): void;
}

export interface IndexedFiles extends Record<Exclude<Outcome, 'none'>, number> {
  postponed: string[];
  unreadable: { path: string; code: string }[];
}

/** Reads the files that the walk found new or changed, one folder at a time, and writes them in small transactions. */
export async function indexFiles(
  index: Database.Database,
  options: IndexFilesOptions,
): Promise<IndexedFiles> {
  const result: IndexedFiles = { added: 0, changed: 0, moved: 0, postponed: [], unreadable: [] };
  const indexing = { ...options, index, result, save: createSave(index), writing: createTransactions(index) };
  const folders = createFolderRows(index);
  try {
    for (let met = folders.next(0); met; met = folders.next(met.seq)) {
      indexing.writing.begin();
      const folder = folders.open(met);
      const { factsOf } = options.readNames(met.shown, folder.names);
      await indexNewFiles(indexing, met, folder.id, factsOf);
      if (!folder.stale) continue;
      describeOthers(indexing, met, folder.id, factsOf);
      indexing.writing.begin();
      folder.described();
    }
  } finally {
    // Commits what is done, also when the scan is stopped.
    indexing.writing.end();
  }
  return result;
}

interface IndexingState extends IndexFilesOptions {
  index: Database.Database;
  result: IndexedFiles;
  save: ReturnType<typeof createSave>;
  writing: ReturnType<typeof createTransactions>;
}
type FactsOf = FolderNames['factsOf'];

async function indexNewFiles(
  indexing: IndexingState,
  met: MetFolder,
  folder: number,
  factsOf: FactsOf,
): Promise<void> {
  const { index, result, save, writing, signal } = indexing;
  const todo = index.prepare<[string, string], KnownFile>(
    `select name, shown, size, mtime from temp.todo where folder = ? and name > ? order by name limit ${BATCH}`,
  );
  for (let batch = todo.all(met.key, ''); batch.length > 0; ) {
    signal?.throwIfAborted();
    const read = await mapAtOnce(batch, AT_ONCE, (file) => readOne(indexing, met, file));
    writing.begin();
    for (const [at, { name, shown }] of batch.entries()) {
      const one = read[at];
      if (!one) continue;
      const place = placeOf(met, { name, shown, ...one.stamp });
      const row = one.facts && describeFile(place, one.facts, factsOf(shown));
      const outcome = save.file({ folder, name, shown, read: one, row });
      if (outcome !== 'none') result[outcome]++;
    }
    writing.wrote(batch.length);
    indexing.onDone(batch.length);
    batch = todo.all(met.key, batch.at(-1)?.name ?? '');
  }
}

/** Reads a file. Null: its row stays unchanged, and the result names the file. */
async function readOne(
  { result, lookedAt, signal }: IndexingState,
  met: MetFolder,
  file: KnownFile,
): Promise<ReadFile | null> {
  const path = diskPathOf(`${met.key}/${file.name}`);
  try {
    const read = await readSettled({ path, name: file.shown, stamp: file, lookedAt }, signal);
    if (read === null) result.postponed.push(pathOf(met, file.shown));
    return read;
  } catch (error) {
    if (signal?.aborted) throw error;
    result.unreadable.push({ path: pathOf(met, file.shown), code: codeOf(error) || String(error) });
    return null;
  }
}

/** Describes the rows of unchanged files again: what a name means depends on all names of the folder. */
function describeOthers(
  { index, save, writing }: IndexingState,
  met: MetFolder,
  folder: number,
  factsOf: FactsOf,
) {
  const others = index.prepare<
    [number, string, number],
    KnownFile & { id: number; sample: number; facts: string }
  >(
    `select id, name, shown, size, mtime, sample, facts from entries
     where folder = ? and sample is not null and name not in (select name from temp.todo where folder = ?)
       and id not in (select entry from temp.gone) and id > ? order by id limit ${BATCH}`,
  );
  for (let page = others.all(folder, met.key, 0); page.length > 0; ) {
    writing.begin();
    for (const { sample, facts, ...file } of page)
      save.row(sample, describeFile(placeOf(met, file), parseFacts(facts), factsOf(file.shown)));
    writing.wrote(page.length);
    page = others.all(folder, met.key, page.at(-1)?.id ?? 0);
  }
}

/** Returns the file's place. Its path is the one on the disk, as a `file:` URL if it is not UTF-8. */
function placeOf(met: MetFolder, { name, shown, size, mtime }: KnownFile): Place {
  const path = diskPathOf(`${met.key}/${name}`);
  return {
    path: typeof path === 'string' ? path : fileUrlOf(path),
    ...{ root: met.root, folder: met.shown, file: shown, size, mtime },
  };
}
