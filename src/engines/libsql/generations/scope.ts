import type { InStatement, InValue, ResultSet } from '@libsql/client';
import { Fault } from '../../../fault.js';
import type { StoreConnection, WriteOptions } from '../connection.js';
import { errorText, isMissingTable } from '../errors.js';
import { withCure } from './damage.js';
import { FIRST, type GenerationLayout, type GenerationTables, tablesOf } from './tables.js';

/** Runs statements on the tables of one generation, under the names that they have at that moment. */
export interface GenerationScope {
  read(operation: string, statement: (tables: GenerationTables) => InStatement): Promise<ResultSet>;
  /** One transaction. */
  write(
    operation: string,
    statements: (tables: GenerationTables) => InStatement[],
    options?: WriteOptions,
  ): Promise<ResultSet[]>;
}

/** Which generations exist, as this process last read it. */
export interface KnownGenerations {
  layout: GenerationLayout;
  /** False if the store is of a version without generations; checked again when a statement fails. */
  has: boolean;
}

export const initialKnownGenerations = (): KnownGenerations => ({ layout: FIRST, has: true });

const LAYOUT = `SELECT (SELECT generation FROM embedding_generations WHERE state = 'active') AS active,
  (SELECT json_group_array(generation) FROM embedding_generations WHERE state <> 'dropped') AS numbers`;
/** Rolls back the transaction unless `condition` holds. */
export const abortUnless = (condition: string, args: InValue[]): InStatement => ({
  sql: `INSERT INTO embedding_generations (generation, state, created_at) SELECT -1, 'moved', '' WHERE NOT ${condition}`,
  args,
});
/** Rolls back the transaction if a generation became active, or was created or dropped, since the names were read. */
export const abortIfLayoutChanged = ({ active, numbers }: GenerationLayout): InStatement =>
  abortUnless(
    `(?1 IS (SELECT generation || ' ' || (SELECT json_group_array(generation) FROM embedding_generations WHERE state <> 'dropped')
      FROM embedding_generations WHERE state = 'active'))`,
    [`${active} ${JSON.stringify(numbers)}`],
  );
export const wasAborted = (error: unknown): boolean =>
  /CHECK constraint failed: known_state/.test(errorText(error));

class NoGeneration extends Fault {
  constructor(number: number) {
    super(
      'blocked',
      `generation ${number} was dropped, or never existed: embeddings model list shows the existing ones`,
    );
  }
}

/** More switches than can happen during one statement. */
const TRIES = 10;

const layoutOf = (result: ResultSet | undefined): GenerationLayout => ({
  active: Number(result?.rows[0]?.active ?? 1),
  numbers: JSON.parse(String(result?.rows[0]?.numbers ?? '[1]')) as number[],
});

const isSame = (a: GenerationLayout, b: GenerationLayout): boolean =>
  a.active === b.active && a.numbers.join() === b.numbers.join();

/** Reads which generations exist. */
export async function readLayout(
  connection: StoreConnection,
  known: KnownGenerations,
): Promise<GenerationLayout> {
  try {
    known.layout = layoutOf(await connection.read('generations', LAYOUT));
    known.has = true;
  } catch (error) {
    if (!isMissingTable(error)) throw error;
    known.layout = FIRST;
    known.has = false;
  }
  return known.layout;
}

/** Reads the same, and which tables and views exist at that moment. */
export async function readLayoutAndNames(
  connection: StoreConnection,
  known: KnownGenerations,
): Promise<{ layout: GenerationLayout; names: Set<string> }> {
  const all = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')";
  const [layout, names] = await connection.readTogether('tables', [LAYOUT, all]);
  known.layout = layoutOf(layout);
  return { layout: known.layout, names: new Set(names?.rows.map(({ name }) => String(name))) };
}

/**
 * Creates a scope. A switch renames tables, so each statement runs in one transaction with a read of the names, and is
 * built again with the current names if they have changed. `number`: the generation; null: the active one.
 */
export function createScope(
  connection: StoreConnection,
  known: KnownGenerations,
  number: number | null,
): GenerationScope {
  const tables = (): GenerationTables => {
    const { active, numbers } = known.layout;
    if (number !== null && !numbers.includes(number)) throw new NoGeneration(number);
    return tablesOf(number ?? active, known.layout);
  };
  /** Returns whether the names have changed, or whether the store has generations. */
  const hasChanged = async (was: GenerationLayout, had: boolean): Promise<boolean> => {
    // If this read fails, the error at hand says enough.
    const now = await readLayout(connection, known).catch(() => null);
    return now !== null && (!isSame(was, now) || had !== known.has);
  };

  return {
    async read(operation, statement) {
      for (let tries = 1; ; tries++) {
        const { layout, has } = known;
        try {
          if (!has) return await connection.read(operation, statement(tables()));
          const [now, result] = await connection.readTogether(operation, [LAYOUT, statement(tables())]);
          const seen = layoutOf(now);
          if (isSame(seen, layout)) return result as ResultSet;
          known.layout = seen;
        } catch (error) {
          const isOurs = isMissingTable(error) || error instanceof NoGeneration;
          if (tries === TRIES || !isOurs || !(await hasChanged(layout, has)))
            throw known.has ? withCure(error, known.layout) : error;
        }
        if (tries === TRIES) throw new Error(`the store (${operation}): its generations change all the time`);
      }
    },
    async write(operation, statements, options) {
      for (let tries = 1; ; tries++) {
        const { layout, has } = known;
        try {
          if (!has) return await connection.write(operation, statements(tables()), options);
          return (
            await connection.write(
              operation,
              [abortIfLayoutChanged(layout), ...statements(tables())],
              options,
            )
          ).slice(1);
        } catch (error) {
          const isOurs = wasAborted(error) || isMissingTable(error) || error instanceof NoGeneration;
          if (tries === TRIES || !isOurs || !(await hasChanged(layout, has)))
            throw known.has ? withCure(error, known.layout) : error;
        }
      }
    },
  };
}
