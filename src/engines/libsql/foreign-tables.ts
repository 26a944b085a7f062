import type { Row } from '@libsql/client';
import { usageFault } from '../../fault.js';
import type { StoreConnection } from './connection.js';

/** The columns that the old script created and its readers use. */
const COLUMNS = ['sample_id', 'vibe_vector', 'embedding_source', 'created_at'];
/** The columns that migrations add: an existing column of that name means something else. */
const ADDED = ['content_hash', 'model', 'run_id', 'run_started_at', 'fence'];

/**
 * Throws a Fault of kind `usage` if another program made a table with one of our names; called before the first
 * migration. The old script's `sample_embeddings` is not foreign: it is adopted with its rows. @returns whether that
 * table does not exist either.
 */
export async function refuseForeignTables(connection: StoreConnection): Promise<boolean> {
  const [others, table] = await Promise.all([
    connection.read(
      'migrations',
      `SELECT name FROM sqlite_master WHERE lower(name) IN
        ('embedding_failures', 'api_usage', 'embedding_runs', 'embedding_fence', 'kept_vectors')`,
    ),
    connection.read(
      'migrations',
      `SELECT name, pk, "notnull", dflt_value FROM pragma_table_info('sample_embeddings')`,
    ),
  ]);
  const other = others.rows[0];
  if (other !== undefined) throw foreign(String(other.name), 'this program did not create it');
  if (table.rows.length > 0 && !isOldScripts(table.rows))
    throw foreign(
      'sample_embeddings',
      `wanted: sample_id as its only primary key, ${COLUMNS.slice(1).join(', ')}, and no ${ADDED.join(', ')}`,
    );
  return table.rows.length === 0;
}

function isOldScripts(rows: readonly Row[]): boolean {
  const names = new Set(rows.map((row) => String(row.name).toLowerCase()));
  const keys = rows.filter((row) => Number(row.pk) > 0).map((row) => String(row.name).toLowerCase());
  // An unknown column that must be filled would refuse every row.
  const demanding = rows.some(
    (row) =>
      Number(row.notnull) === 1 &&
      row.dflt_value === null &&
      !COLUMNS.includes(String(row.name).toLowerCase()),
  );
  return (
    COLUMNS.every((name) => names.has(name)) &&
    !ADDED.some((name) => names.has(name)) &&
    keys.join() === 'sample_id' &&
    !demanding
  );
}

const foreign = (table: string, why: string) =>
  usageFault(
    `TURSO_DATABASE_URL: its table ${table} is not ours (${why}); it was not changed: use another database`,
  );
