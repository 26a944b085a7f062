import { sql } from 'kysely';
import { Fault, usageFault } from '../../fault.js';
import { type AnyRow, type Backend, type FoundTable, RefusedSelect } from '../backend.js';
import { bareName } from '../table-name.js';

/** A name with its schema; either part may be quoted. */
const QUALIFIED = /^("(?:[^"]|"")+"|[^".]+)\.("(?:[^"]|"")+"|[^"]+)$/;

/** Finds a table or view: `name`, or `schema.name`. Throws a usage Fault when there is none. */
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
 * Finds the columns of a SELECT. Throws a usage Fault when a `used` column occurs twice, and when the database does not
 * accept the text as one SELECT that only reads.
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
    throw usageFault(`source.select: it gives two columns ${twice}; rename one of them with AS`);
  return {
    // The closing parenthesis is on its own line, because the SELECT may end with a comment.
    from: sql<AnyRow>`(\n${sql.raw(text)}\n)`,
    columns: new Map(described.map(({ name, ...column }) => [lowered(name), column])),
  };
}

/** Turns the database's error about a SELECT into a Fault of `source.select`. Returns other errors unchanged. */
function refused(error: unknown): unknown {
  // A missing table may mean that the file is being replaced. run() has waited for that, so the name is wrong.
  const cause = error instanceof Fault ? error.cause : error;
  const unknownName = cause instanceof Error && /^no such (table|column)/.test(cause.message);
  if (!(error instanceof RefusedSelect) && !unknownName) return error;
  return usageFault(
    `source.select: ${(cause as Error).message}; write one SELECT that only reads, without parameters`,
    error,
  );
}
