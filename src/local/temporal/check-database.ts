import { existsSync } from 'node:fs';
import { openHomeFolder } from '../home-folder.js';
import { filesOf } from './state-file.js';
import { damaged } from './why-not-up.js';

/**
 * Reads through the database of the local Temporal server, also while the server is up. Throws a blocked Fault where it
 * is damaged; one that is not there is none.
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
    // Anything else (locked, no right to read) the server says better when it starts.
    if (!/^SQLITE_(?:NOTADB|CORRUPT)/.test(code)) return;
    found = message;
  }
  if (found !== 'ok') throw damaged(database, found);
}
