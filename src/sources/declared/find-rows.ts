import { sql } from 'kysely';
import { Fault, usageFault } from '../../fault.js';
import { type AnyRow, type Backend, type FoundTable, RefusedSelect } from '../backend.js';
import { bareName } from '../table-name.js';

/** A name with its schema; either part may be quoted. */
const QUALIFIED = /^("(?:[^"]|"")+"|[^".]+)\.("(?:[^"]|"")+"|[^"]+)$/;

/** Finds a table or view: `name`, or `schema.name`. Throws a usage Fault where there is none. */
export async function findTable(backend: Backend, name: string): Promise<FoundTable> {
  const whole = await backend.run(() => backend.find(bareName(name)));
  if (whole !== null) return whole;
  const [, schema, table] = QUALIFIED.exec(name) ?? [];
  if (schema !== undefined && table !== undefined) {
    const found = await backend.run(() => backend.find(bareName(table), bareName(schema)));
    if (found !== null) return found;
  }
  const schemas = await backend.run(() => backend.elsewhere(bareName(table ?? name)));
  const hint =
    schemas.length === 0
      ? 'name one that is there'
      : `there is one in schema ${schemas.join(', ')}: write ${schemas[0]}.${table ?? name}`;
  throw usageFault(`source.table: there is no table or view ${name} in ${backend.place}; ${hint}`);
}

/**
 * Finds the columns of a SELECT, each of which `used` once. Throws a usage Fault where the database does not take it for
 * one SELECT that only reads.
 */
export async function findSelect(
  backend: Backend,
  select: string,
  used: readonly string[],
): Promise<FoundTable> {
  const text = select.replace(/[\s;]+$/, '');
  const described = await backend
    .run(() => backend.describe(text))
    .catch((error) => Promise.reject(refused(error)));
  const lowered = (name: string) => (backend.dialect === 'sqlite' ? name.toLowerCase() : name);
  const names = described.map(({ name }) => lowered(name));
  const twice = used.find((name) => names.filter((each) => each === lowered(name)).length > 1);
  if (twice !== undefined)
    throw usageFault(`source.select: it gives two columns ${twice}; name one of them otherwise (AS)`);
  return {
    // On a line of its own: it may end with a comment.
    from: sql<AnyRow>`(\n${sql.raw(text)}\n)`,
    columns: new Map(described.map(({ name, ...column }) => [lowered(name), column])),
  };
}

/** What the database says of a SELECT, as a fault of the setting. */
function refused(error: unknown): unknown {
  // A table that is not there may be a file that is being replaced; after that wait it is a wrong name.
  const cause = error instanceof Fault ? error.cause : error;
  const unknownName = cause instanceof Error && /^no such (table|column)/.test(cause.message);
  if (!(error instanceof RefusedSelect) && !unknownName) return error;
  return usageFault(
    `source.select: ${(cause as Error).message}; write one SELECT that only reads, without parameters`,
    error,
  );
}
