import type { Database } from '../../../sqlite.js';
import type { AudioFacts } from '../audio/facts.js';
import type { ReadFile } from '../audio/read-audio.js';
import type { FileRow } from '../describe/row.js';
import { createFreeIds } from '../index-file/sample-id.js';
import { FILE_COLUMNS, READER_VERSION } from '../index-file/schema.js';

export interface Saved {
  folder: number;
  /** Key and text of the file's name. */
  name: string;
  shown: string;
  read: ReadFile;
  /** Null: it is no sample. */
  row: FileRow | null;
}

export type Outcome = 'added' | 'changed' | 'moved' | 'none';

const COLUMNS = Object.keys(FILE_COLUMNS) as (keyof FileRow)[];

/** Writes entries and rows, after the comparison with the disk; to be called inside a transaction. */
export function createSave(index: Database.Database) {
  const before = index.prepare<[number, string], { id: number; sample: number | null }>(
    'select id, sample from entries where folder = ? and name = ?',
  );
  const movedFrom = index.prepare<[string, string], { id: number; sample: number }>(
    `select entries.id, entries.sample from temp.gone join entries on entries.id = gone.entry
     where gone.hash = ? and entries.sample is not null order by entries.name = ? desc, entries.id limit 1`,
  );
  const forget = index.prepare('delete from entries where id = ?');
  const found = index.prepare('delete from temp.gone where entry = ?');
  const taken = index.prepare('select 1 from files where id = ?').pluck();
  const copies = index.prepare('select count(*) from entries where hash = ?').pluck();
  // Values by place: twice as fast as by name.
  const keepEntry = index.prepare(
    `insert into entries (folder, name, shown, size, mtime, hash, sample, facts, problem, reader)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ${READER_VERSION})
     on conflict (folder, name) do update set
       size = excluded.size, mtime = excluded.mtime, hash = excluded.hash, sample = excluded.sample,
       facts = excluded.facts, problem = excluded.problem, reader = excluded.reader`,
  );
  const intoFiles = index.prepare(
    `insert into files (id, ${COLUMNS.join(', ')}) values (?${', ?'.repeat(COLUMNS.length)})
     on conflict (id) do update set ${COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')}`,
  );
  const keepRow = (id: number | null, row: FileRow) => intoFiles.run(id, ...COLUMNS.map((name) => row[name]));
  const removeRow = index.prepare('delete from files where id = ?');

  const freeId = createFreeIds({
    taken: (id) => taken.get(id) !== undefined,
    copies: (hash) => Number(copies.get(hash)),
  });
  const anyGone = index.prepare('select 1 from temp.gone limit 1').get() !== undefined;

  const idOf = ({ name, read }: Saved): { id: number; moved: boolean } => {
    const old = anyGone ? movedFrom.get(read.hash, name) : undefined;
    if (old) {
      forget.run(old.id);
      found.run(old.id);
      return { id: old.sample, moved: true };
    }
    return { id: freeId(read.hash), moved: false };
  };

  return {
    /** A file that was read: its row keeps the id that it has, or takes that of a file with this content that is gone. */
    file(saved: Saved): Outcome {
      const { folder, name, shown, read, row } = saved;
      const known = before.get(folder, name);
      if (known && anyGone) found.run(known.id);
      const kept = known?.sample ?? null;
      const { id, moved } =
        row === null ? { id: null, moved: false } : kept === null ? idOf(saved) : { id: kept, moved: false };
      const { stamp, hash, facts, problem } = read;
      keepEntry.run(
        ...[folder, name, shown, stamp.size, stamp.mtime],
        ...[hash, id, facts && JSON.stringify(facts), problem],
      );
      if (row !== null) keepRow(id, row);
      else if (kept !== null) removeRow.run(kept);
      if (row === null) return 'none';
      return moved ? 'moved' : kept === null ? 'added' : 'changed';
    },
    /** The row of a file that was not read again. */
    row(id: number, row: FileRow): void {
      keepRow(id, row);
    },
  };
}

/** The facts of an entry, as `file` wrote them. */
export const parseFacts = (facts: string): AudioFacts => JSON.parse(facts) as AudioFacts;
