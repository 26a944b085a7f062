import { existsSync } from 'node:fs';
import { openHomeFolder } from '../home-folder.js';
import { damaged } from './startup-fault.js';
import { filesOf } from './state-file.js';

/**
 * Checks the database of the local Temporal server, even while the server is running. Throws a blocked Fault when it is
 * damaged; a missing one is not an error.
 */
export async function checkDatabase(home: string): Promise<void> {
  const { database } = filesOf(openHomeFolder(home));
  if (!existsSync(database)) return;
  const { Database: SQLite } = await import('../../sqlite.js');
  let found: string;
  try {
    const db = new SQLite(database, { readonly: true, fileMustExist: true });
    try {
      found = String(db.pragma('quick_check(1)', { simple: true }));
    } finally {
      db.close();
    }
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    // Other errors (locked, not readable) are explained better by the server when it starts.
    if (!/^SQLITE_(?:NOTADB|CORRUPT)/.test(code)) return;
    found = message;
  }
  if (found !== 'ok') throw damaged(database, found);
}
