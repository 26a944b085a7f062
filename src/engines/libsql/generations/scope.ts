import type { InStatement, InValue, ResultSet } from '@libsql/client';
import { Fault } from '../../../fault.js';
import type { StoreConnection } from '../connection.js';
import { isMissingTable, said } from '../errors.js';
import { withCure } from './damage.js';
import { FIRST, type GenerationTables, type Standing, tablesOf } from './tables.js';

/** Runs statements on the tables of one generation, under the names that they have at that moment. */
export interface GenerationScope {
  read(operation: string, statement: (tables: GenerationTables) => InStatement): Promise<ResultSet>;
  /** One transaction. */
  write(operation: string, statements: (tables: GenerationTables) => InStatement[]): Promise<ResultSet[]>;
}

/** Which generations exist, as this process last read it. */
export interface Known {
  standing: Standing;
  /** False if the store is of a version without generations; checked again when a statement fails. */
  has: boolean;
}

export const nothingKnown = (): Known => ({ standing: FIRST, has: true });

const STANDING = `SELECT (SELECT generation FROM embedding_generations WHERE state = 'active') AS active,
  (SELECT json_group_array(generation) FROM embedding_generations WHERE state <> 'dropped') AS numbers`;
/** Rolls back the transaction unless `condition` holds. */
export const unless = (condition: string, args: InValue[]): InStatement => ({
  sql: `INSERT INTO embedding_generations (generation, state, created_at) SELECT -1, 'moved', '' WHERE NOT ${condition}`,
  args,
});
/** Rolls back the transaction if a generation became active, or was created or dropped, since the names were read. */
export const guard = ({ active, numbers }: Standing): InStatement =>
  unless(
    `(?1 IS (SELECT generation || ' ' || (SELECT json_group_array(generation) FROM embedding_generations WHERE state <> 'dropped')
      FROM embedding_generations WHERE state = 'active'))`,
    [`${active} ${JSON.stringify(numbers)}`],
  );
export const hasMoved = (error: unknown): boolean => /CHECK constraint failed: known_state/.test(said(error));

class NoGeneration extends Fault {
  constructor(number: number) {
    super(
      'blocked',
      `generation ${number} was dropped, or never made: embeddings model list shows those that are there`,
    );
  }
}

/** More switches than can happen during one statement. */
const TRIES = 10;

const standingOf = (result: ResultSet | undefined): Standing => ({
  active: Number(result?.rows[0]?.active ?? 1),
  numbers: JSON.parse(String(result?.rows[0]?.numbers ?? '[1]')) as number[],
});

const isSame = (a: Standing, b: Standing): boolean =>
  a.active === b.active && a.numbers.join() === b.numbers.join();

/** Reads which generations exist. */
export async function look(connection: StoreConnection, known: Known): Promise<Standing> {
  try {
    known.standing = standingOf(await connection.read('generations', STANDING));
    known.has = true;
  } catch (error) {
    if (!isMissingTable(error)) throw error;
    known.standing = FIRST;
    known.has = false;
  }
  return known.standing;
}

/** Reads the same, and which tables and views exist at that moment. */
export async function lookAtNames(
  connection: StoreConnection,
  known: Known,
): Promise<{ standing: Standing; names: Set<string> }> {
  const all = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')";
  const [standing, names] = await connection.readTogether('tables', [STANDING, all]);
  known.standing = standingOf(standing);
  return { standing: known.standing, names: new Set(names?.rows.map(({ name }) => String(name))) };
}

/**
 * Creates a scope. A switch renames tables, so each statement runs in one transaction with a read of the names, and is
 * built again with the current names if they have changed. `number`: the generation; null: the active one.
 */
export function createScope(
  connection: StoreConnection,
  known: Known,
  number: number | null,
): GenerationScope {
  const tables = (): GenerationTables => {
    const { active, numbers } = known.standing;
    if (number !== null && !numbers.includes(number)) throw new NoGeneration(number);
    return tablesOf(number ?? active, known.standing);
  };
  /** Returns whether the names have changed, or whether the store has generations. */
  const hasChanged = async (was: Standing, had: boolean): Promise<boolean> => {
    // If this read fails, the error at hand says enough.
    const now = await look(connection, known).catch(() => null);
    return now !== null && (!isSame(was, now) || had !== known.has);
  };

  return {
    async read(operation, statement) {
      for (let tries = 1; ; tries++) {
        const { standing, has } = known;
        try {
          if (!has) return await connection.read(operation, statement(tables()));
          const [now, result] = await connection.readTogether(operation, [STANDING, statement(tables())]);
          const seen = standingOf(now);
          if (isSame(seen, standing)) return result as ResultSet;
          known.standing = seen;
        } catch (error) {
          const isOurs = isMissingTable(error) || error instanceof NoGeneration;
          if (tries === TRIES || !isOurs || !(await hasChanged(standing, has)))
            throw known.has ? withCure(error, known.standing) : error;
        }
        if (tries === TRIES) throw new Error(`the store (${operation}): its generations change all the time`);
      }
    },
    async write(operation, statements) {
      for (let tries = 1; ; tries++) {
        const { standing, has } = known;
        try {
          if (!has) return await connection.write(operation, statements(tables()));
          return (await connection.write(operation, [guard(standing), ...statements(tables())])).slice(1);
        } catch (error) {
          const isOurs = hasMoved(error) || isMissingTable(error) || error instanceof NoGeneration;
          if (tries === TRIES || !isOurs || !(await hasChanged(standing, has)))
            throw known.has ? withCure(error, known.standing) : error;
        }
      }
    },
  };
}
