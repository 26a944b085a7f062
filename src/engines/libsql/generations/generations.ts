import type { InStatement } from '@libsql/client';
import { damagedGeneration } from '../../damaged-generation.js';
import type { Generation, NumberForm, Recipe } from '../../types.js';
import { vectorBytes } from '../../vector-form.js';
import { NOW_ISO } from '../clock.js';
import type { StoreConnection } from '../connection.js';
import { errorText, isMissingTable } from '../errors.js';
import { namesOf, withCure } from './damage.js';
import { generationOf } from './read-row.js';
import { createTables, dropTables, REFUSE_OLDER, refuseOthers } from './schema.js';
import {
  abortIfLayoutChanged,
  abortUnless,
  createScope,
  type KnownGenerations,
  readLayout,
  readLayoutAndNames,
  wasAborted,
} from './scope.js';
import { switchStatements } from './switch.js';
import { type GenerationTables, tablesOf } from './tables.js';

/** What a generation to be built consists of. */
export interface NewGeneration {
  recipe: Recipe;
  /** Numbers in a stored vector. */
  dimensions: number;
  form: NumberForm;
  /** The generation that its vectors are computed from; null: they are bought. */
  source: number | null;
  /** Only some samples, for comparison. Default false. */
  trial?: boolean;
}

export interface GenerationSize {
  rows: number;
  failed: number;
  /** Bytes of all its vectors: its rows times the length of the first vector. */
  bytes: number;
  /** Its tables that another program has dropped. */
  missing: string[];
}

export interface Generations {
  /** Returns all generations in the order of their numbers, dropped ones left out. */
  generations(): Promise<Generation[]>;
  /**
   * Returns the number of the active generation. A server is not asked again: the number from the last read is
   * returned.
   */
  activeNumber(): Promise<number>;
  /** Returns the number of the active generation as of the last read or write. */
  lastActive(): number;
  /** Returns the size of each generation by its number. */
  generationSizes(): Promise<Map<number, GenerationSize>>;
  /** Records the recipe of a generation if it is not known yet, or if the generation is the only one and empty. */
  recordRecipe(number: number, recipe: Recipe): Promise<void>;
  /** Returns ids > `after` that the active generation holds and this one does not, ascending. */
  missingIn(number: number, page: { after: number | null; limit: number }): Promise<number[]>;
  /** Creates the tables of a generation. @returns its number, or that of an identical one made meanwhile. */
  createGeneration(wanted: NewGeneration): Promise<number>;
  /**
   * Announces the run that is to fill a generation. `whole`: a trial is to hold all samples from now on. If no run has
   * begun to fill it, its creation time becomes now. @returns its creation time, for `forgetUnused`.
   */
  beginBuild(number: number, options: { whole: boolean }): Promise<string>;
  /**
   * Deletes a generation that is empty, whose runs never passed their checks, and whose build was not begun again since
   * `createdAt`; otherwise does nothing. @returns whether it was deleted.
   */
  forgetUnused(number: number, createdAt: string): Promise<boolean>;
  /**
   * Makes a generation the active one, in one transaction. `from`: the generation that is active; throws, and changes
   * nothing, if another one is active by now. `declared`: the recipe of the configuration.
   */
  switchGeneration(change: { from: number; to: number; declared: Recipe }): Promise<void>;
  /** Deletes the tables of an inactive generation. `freed`: whether the space in the file could be freed. */
  dropGeneration(number: number): Promise<{ freed: boolean }>;
}

const TRIES = 5;
const COLUMNS = `generation, state, model, dimensions, number_form, bought_dimensions, words, template, source_generation,
  declared, created_at, activated_at`;

/** A run that has passed its checks has a row that names the generation. */
const HAS_RUN = 'EXISTS (SELECT 1 FROM embedding_runs WHERE generation = ?1)';

/** A generation with the properties of these arguments that was not dropped. */
const IS_THERE = `state <> 'dropped' AND model = ?1 AND bought_dimensions = ?2 AND words = ?3 AND template IS ?4
  AND dimensions = ?5 AND number_form = ?6 AND source_generation IS ?7`;

export const createGenerations = (
  connection: StoreConnection,
  known: KnownGenerations,
  isFile: boolean,
): Generations => {
  const generations = async (): Promise<Generation[]> => {
    const sql = `SELECT ${COLUMNS}, EXISTS (SELECT 1 FROM sample_embeddings) AS active_has_rows
      FROM embedding_generations WHERE state <> 'dropped' ORDER BY generation`;
    const found = (await connection.read('generations', sql)).rows.map(generationOf);
    const active = found.find(({ state }) => state === 'active')?.number ?? 1;
    known.layout = { active, numbers: found.map(({ number }) => number) };
    known.has = true;
    return found;
  };

  /** Makes a change; retries with the current table names if another process has changed them. */
  async function change(operation: string, statements: () => Promise<InStatement[]>): Promise<void> {
    for (let tries = 1; ; tries++) {
      const layout = await readLayout(connection, known);
      try {
        await connection.write(operation, [abortIfLayoutChanged(layout), ...(await statements())]);
        await readLayout(connection, known);
        return;
      } catch (error) {
        if (tries === TRIES || !wasAborted(error)) throw withCure(error, layout);
      }
    }
  }

  return {
    async generations() {
      try {
        return await generations();
      } catch (error) {
        if (!isMissingTable(error)) throw error;
        if (!errorText(error).includes('sample_embeddings')) return [];
        const { active } = await readLayout(connection, known);
        throw damagedGeneration(active, true, 'lacks its table sample_embeddings', error);
      }
    },
    activeNumber: async () => (isFile ? await readLayout(connection, known) : known.layout).active,
    lastActive: () => known.layout.active,
    async generationSizes() {
      const { layout, names } = await readLayoutAndNames(connection, known);
      const found = new Map<number, GenerationSize>();
      for (const number of layout.numbers) {
        const missing = namesOf(tablesOf(number, layout)).filter((name) => !names.has(name));
        const has = (table: 'vectors' | 'failures'): boolean =>
          !missing.includes(tablesOf(number, layout)[table]);
        const { rows } = await createScope(connection, known, number).read(
          'sizes',
          ({ vectors, failures }) =>
            `SELECT ${has('failures') ? `(SELECT COUNT(*) FROM ${failures})` : 0} AS failed,
              ${has('vectors') ? `(SELECT COUNT(*) FROM ${vectors})` : 0} AS n,
              ${has('vectors') ? `(SELECT length(vibe_vector) FROM ${vectors} LIMIT 1)` : 0} AS bytes`,
        );
        const n = Number(rows[0]?.n ?? 0);
        found.set(number, {
          rows: n,
          failed: Number(rows[0]?.failed),
          bytes: n * Number(rows[0]?.bytes ?? 0),
          missing,
        });
      }
      return found;
    },
    async recordRecipe(number, recipe) {
      await connection.write('record recipe', [
        {
          sql: `UPDATE embedding_generations SET model = ?2, dimensions = ?3, bought_dimensions = ?3, words = ?4, template = ?5
            WHERE generation = ?1 AND ((words IS NULL AND COALESCE(model, ?2) = ?2 AND COALESCE(dimensions, ?3) = ?3)
              OR (state = 'active' AND NOT EXISTS (SELECT 1 FROM sample_embeddings)
                AND (SELECT COUNT(*) FROM embedding_generations) = 1))`,
          args: [BigInt(number), ...recipeArgs(recipe)],
        },
      ]);
    },
    async missingIn(number, { after, limit }) {
      const { rows } = await createScope(connection, known, number).read('missing', ({ vectors }) => ({
        sql: `SELECT sample_id FROM sample_embeddings AS active WHERE sample_id > ?1
          AND NOT EXISTS (SELECT 1 FROM ${vectors} AS own WHERE own.sample_id = active.sample_id)
          ORDER BY sample_id LIMIT ?2`,
        args: [BigInt(after ?? Number.MIN_SAFE_INTEGER), BigInt(limit)],
      }));
      return rows.map((row) => Number(row.sample_id));
    },
    async createGeneration({ recipe, dimensions, form, source, trial = false }) {
      const is = [...recipeArgs(recipe), BigInt(dimensions), form, source === null ? null : BigInt(source)];
      let number = 0;
      await change('create a generation', async () => {
        const { rows } = await connection.read('generations', {
          sql: `SELECT MAX(generation) + 1 AS next, MAX(generation) FILTER (WHERE ${IS_THERE}) AS same
            FROM embedding_generations`,
          args: is,
        });
        const same = rows[0]?.same ?? null;
        number = Number(same ?? rows[0]?.next);
        if (same !== null) return [];
        const { active, numbers } = known.layout;
        const read = (await generations()).find((one) => one.number === active);
        const guarded =
          read?.model == null || read.dimensions === null
            ? []
            : refuseOthers(tablesOf(active, { active, numbers }), {
                model: read.model,
                bytes: vectorBytes(read.dimensions, read.form),
              });
        return [
          {
            sql: `INSERT INTO embedding_generations (model, bought_dimensions, words, template, dimensions, number_form,
                source_generation, generation, state, created_at)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ${NOW_ISO})`,
            args: [...is, BigInt(number), trial ? 'trial' : 'building'],
          },
          ...createTables(number, active),
          ...guarded,
          ...refuseOthers(tablesOf(number, { active, numbers }), {
            model: recipe.model,
            bytes: vectorBytes(dimensions, form),
          }),
          REFUSE_OLDER,
        ];
      });
      return number;
    },
    async beginBuild(number, { whole }) {
      const results = await connection.write('build', [
        {
          sql: `UPDATE embedding_generations SET
              state = CASE WHEN ?2 AND state = 'trial' THEN 'building' ELSE state END,
              created_at = CASE WHEN ${HAS_RUN} THEN created_at ELSE ${NOW_ISO} END
            WHERE generation = ?1 RETURNING created_at`,
          args: [BigInt(number), whole ? 1n : 0n],
        },
      ]);
      return String(results[0]?.rows[0]?.created_at);
    },
    async forgetUnused(number, createdAt) {
      let forgotten = false;
      await change('forget a generation', async () => {
        const { active, numbers } = known.layout;
        forgotten = false;
        if (number === active || !numbers.includes(number)) return [];
        const unused = unusedSql(tablesOf(number, { active, numbers }));
        const args = [BigInt(number), createdAt];
        const { rows } = await connection.read('unused', { sql: `SELECT ${unused} AS unused`, args });
        if (Number(rows[0]?.unused) !== 1) return [];
        forgotten = true;
        return [abortUnless(unused, args), ...droppedStatements(number, active)];
      });
      return forgotten;
    },
    async switchGeneration({ from, to, declared }) {
      await change('switch', async () => {
        const { active, numbers } = known.layout;
        if (active !== from || !numbers.includes(to))
          throw new Error(`generation ${active} is active, and generations ${numbers.join(', ')} are there`);
        return [
          ...(await switchStatements(connection, { from, to })),
          {
            sql: "UPDATE embedding_generations SET state = 'retired' WHERE generation = ?",
            args: [BigInt(from)],
          },
          {
            sql: `UPDATE embedding_generations SET state = 'active', activated_at = ${NOW_ISO}, declared = ?
              WHERE generation = ?`,
            args: [JSON.stringify(declared), BigInt(to)],
          },
        ];
      });
    },
    async dropGeneration(number) {
      await change('drop a generation', async () => {
        const { active, numbers } = known.layout;
        if (number === active) throw new Error(`generation ${number} is active`);
        if (!numbers.includes(number)) return [];
        return [...droppedStatements(number, active)];
      });
      try {
        await connection.read('free the space', 'VACUUM');
        return { freed: true };
      } catch {
        return { freed: false };
      }
    },
  };
};

const droppedStatements = (number: number, active: number): InStatement[] => [
  ...dropTables(number, active),
  {
    sql: "UPDATE embedding_generations SET state = 'dropped' WHERE generation = ?",
    args: [BigInt(number)],
  },
];

const unusedSql = ({ vectors, failures }: GenerationTables): string =>
  `(EXISTS (SELECT 1 FROM embedding_generations WHERE generation = ?1 AND created_at = ?2) AND NOT ${HAS_RUN}
    AND NOT EXISTS (SELECT 1 FROM ${vectors}) AND NOT EXISTS (SELECT 1 FROM ${failures}))`;

const recipeArgs = ({ model, dimensions, document, query, template }: Recipe) => [
  model,
  BigInt(dimensions),
  JSON.stringify({ document, query }),
  JSON.stringify(template),
];
