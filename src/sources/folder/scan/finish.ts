import type { Database } from '../../../sqlite.js';

/** Deletes the rows of files that are gone, and marks the scan as complete. @returns the number of deleted rows. */
export function finish(index: Database.Database, roots: readonly string[]): number {
  return index.transaction(() => {
    const removed = index
      .prepare(
        `delete from files where id in
           (select sample from entries where id in (select entry from temp.gone) and sample is not null)`,
      )
      .run().changes;
    index.exec(`
      delete from entries where id in (select entry from temp.gone);
      update folders set device = met.device from temp.met where met.key = folders.key and met.device <> folders.device;
      delete from folders where not exists (select 1 from entries where folder = folders.id);`);
    if (removed > 0) index.exec('update state set understood = null');
    index
      .prepare('update state set roots = ?, finished = ?')
      .run(JSON.stringify(roots), new Date().toISOString());
    return removed;
  })();
}
