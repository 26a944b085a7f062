import { createHash } from 'node:crypto';
import type { Database } from '../../../sqlite.js';

/** A folder as the walk met it. */
export interface MetFolder {
  seq: number;
  key: string;
  root: string;
  shown: string;
  device: string;
}

export interface OpenFolder {
  id: number;
  /** Names of the audio files that are in it now. */
  names: string[];
  /** True when its rows were described by other names than these, or not all of them were described. */
  stale: boolean;
  /** Must be called when all rows are described. */
  described(): void;
}

/** Creates access to those rows of `folders` whose rows of `files` may have to change. */
export function createFolderRows(index: Database.Database) {
  const next = index.prepare<[number], MetFolder>(
    'select seq, key, root, shown, device from temp.met where dirty = 1 and seq > ? order by seq limit 1',
  );
  const keep = index.prepare<[string, string, string, string], { id: number; names: string | null }>(
    `insert into folders (key, root, shown, device) values (?, ?, ?, ?)
     on conflict (key) do update set root = excluded.root, shown = excluded.shown, device = excluded.device
     returning id, names`,
  );
  const presentNames = index
    .prepare<[string, number], string>(
      `select shown from temp.todo where folder = ?
       union select shown from entries where folder = ? and id not in (select entry from temp.gone)
       order by 1`,
    )
    .pluck();
  const describe = index.prepare('update folders set names = ? where id = ?');
  const forgetCounts = index.prepare('update state set understood = null where understood is not null');

  return {
    /** Returns the first folder after `seq`, in the order of the walk. */
    next: (seq: number): MetFolder | undefined => next.get(seq),
    /** Opens a folder. Must be called inside a transaction. */
    open({ key, root, shown, device }: MetFolder): OpenFolder {
      const { id, names: before } = keep.get(key, root, shown, device) ?? { id: 0, names: null };
      const names = presentNames.all(key, id);
      const now = createHash('sha256')
        .update(JSON.stringify([root, shown, names]))
        .digest('hex');
      const stale = now !== before;
      // If the scan is stopped before all rows are described, the next scan describes them.
      if (stale) describe.run(null, id);
      forgetCounts.run();
      return { id, names, stale, described: () => describe.run(now, id) };
    },
  };
}
