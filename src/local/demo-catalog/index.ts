import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { usageFault } from '../../fault.js';
import type { Database } from '../../sqlite.js';
import { type DemoOptions, demoSamples } from './samples.js';
import { DEMO_SCHEMA } from './schema.js';

export { type DemoOptions, type DemoSample, demoSamples } from './samples.js';
export { DEMO_SCHEMA } from './schema.js';

/** SQLite's application_id of our files ("demo"). Only files with this id may be overwritten. */
const DEMO_ID = 0x64656d6f;
const ROWS_BETWEEN_BREATHS = 1000;

/**
 * Writes a demo catalog as a SQLite file, completely or not at all, and replaces an older demo catalog. Creates the
 * directory. Defaults: 2,437 samples, seed 1. Throws a usage Fault when something else is at that path.
 */
export async function createDemoCatalog({
  path,
  ...options
}: { path: string } & DemoOptions): Promise<{ path: string; samples: number }> {
  const { Database: open } = await import('../../sqlite.js');
  if (existsSync(path) && !isDemo(open, path)) {
    throw usageFault(`${path} exists and is no demo catalog; name another file`);
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const partial = `${path}.${process.pid}.partial`;
  rmSync(partial, { force: true });
  closeSync(openSync(partial, 'wx', 0o600));
  try {
    const samples = await write(new open(partial), options);
    renameSync(partial, path);
    return { path, samples };
  } finally {
    rmSync(partial, { force: true });
  }
}

function isDemo(open: typeof Database, path: string): boolean {
  let db: Database.Database | undefined;
  try {
    db = new open(path, { readonly: true });
    return db.pragma('application_id', { simple: true }) === DEMO_ID;
  } catch {
    return false;
  } finally {
    db?.close();
  }
}

async function write(db: Database.Database, options: DemoOptions): Promise<number> {
  let samples = 0;
  try {
    // No reader sees the file before it is complete, and a crash discards it, so a journal would protect nothing.
    db.pragma('journal_mode = OFF');
    db.pragma(`application_id = ${DEMO_ID}`);
    for (const statement of DEMO_SCHEMA) db.exec(statement);
    db.exec('BEGIN');
    const insert = new Map<string, Database.Statement>();
    const put = (table: string, row: Record<string, unknown>): void => {
      const columns = Object.keys(row);
      const statement =
        insert.get(table) ??
        db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.map((column) => `@${column}`)})`);
      insert.set(table, statement);
      statement.run(row);
    };
    for (const { sample, analysis } of demoSamples(options)) {
      put('samples', sample);
      if (analysis) put('vibe_analyses', analysis);
      if (++samples % ROWS_BETWEEN_BREATHS === 0) await breathe();
    }
    db.exec('COMMIT');
    return samples;
  } finally {
    db.close();
  }
}
