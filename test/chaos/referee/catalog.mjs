import { Database } from '../../../dist/sqlite.js';

/** Returns every sample of a SQLite catalog, ascending: its id, and the words that its source text must hold. */
export function readCatalog(path) {
  const db = new Database(path, { readonly: true });
  try {
    const rows = db
      .prepare(
        `SELECT samples.id, title, musical_key, json_extract(characteristics, '$.raw_analysis') AS description
         FROM samples LEFT JOIN vibe_analyses ON sample_id = samples.id ORDER BY samples.id`,
      )
      .all();
    return rows.map(({ id, ...words }) => ({ id, words: Object.values(words).filter(Boolean) }));
  } finally {
    db.close();
  }
}
