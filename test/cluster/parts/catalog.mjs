import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createDemoCatalog, DEMO_SCHEMA, demoSamples } from '../../../dist/local/demo-catalog/index.js';
import { query, urlOf } from './postgresql.mjs';

const PAGE = 500;
export const twinOf = (folder) => join(folder, 'catalog.db');

/**
 * Replaces the tables of PostgreSQL's database `library` by the demo catalog, and writes a copy to SQLite for the
 * referee.
 */
export async function fillCatalog(folder, identity, options = {}) {
  const url = urlOf(identity, 'library');
  await query(url, 'drop table if exists vibe_analyses, samples');
  for (const statement of DEMO_SCHEMA) await query(url, statement);
  const rows = [...demoSamples(options)];
  await insert(
    url,
    'samples',
    rows.map(({ sample }) => sample),
  );
  await insert(
    url,
    'vibe_analyses',
    rows.map(({ analysis }) => analysis).filter((row) => row !== null),
  );
  rmSync(twinOf(folder), { force: true });
  await createDemoCatalog({ path: twinOf(folder), ...options });
}

/** PostgreSQL casts values to the types of their columns; JSON is text in the demo's rows. */
async function insert(url, table, rows) {
  const types = await query(
    url,
    'select column_name as name, data_type as type from information_schema.columns where table_name = $1',
    [table],
  );
  const json = new Set(types.filter(({ type }) => type.startsWith('json')).map(({ name }) => name));
  const parsed = ([name, value]) => [name, json.has(name) && value !== null ? JSON.parse(value) : value];
  const columns = Object.keys(rows[0]).join(', ');
  for (let at = 0; at < rows.length; at += PAGE) {
    const page = rows.slice(at, at + PAGE).map((row) => Object.fromEntries(Object.entries(row).map(parsed)));
    await query(
      url,
      `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(page)],
    );
  }
}
