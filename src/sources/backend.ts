import type { Kysely, RawBuilder } from 'kysely';

export const SAMPLE_COLUMNS = ['id', 'title', 'genre', 'bpm', 'musical_key', 'tags'] as const;
export const ANALYSIS_COLUMNS = [
  'mood_primary',
  'mood_secondary',
  'energy_level',
  'texture_tags',
  'characteristics',
] as const;
export interface Column {
  /** In lower case. For a PostgreSQL domain: its base type. */
  type: string;
  /** True for a PostgreSQL array. */
  array: boolean;
}

/** A row whose columns, except the id, have unknown types. */
export type AnyRow = { id: number } & Record<string, unknown>;

/** A table or view as it was found. */
export interface FoundTable {
  /** For a FROM clause: a table (in PostgreSQL with its schema), or a SELECT in parentheses. */
  from: RawBuilder<AnyRow>;
  /** Keyed by name; SQLite's names in lower case. */
  columns: ReadonlyMap<string, Column>;
}

/** A table or view of the database, as a list shows it. */
export interface ListedTable {
  /** In the form of `source.table`: with the schema where the name alone does not find it. */
  name: string;
  /** In the table's order. */
  columns: readonly ({ name: string } & Column)[];
  /** The primary key, if it is a single column; else null. */
  key: string | null;
}

/** Which of the known columns this catalog has, and where. */
export interface Shape {
  samples: string[];
  analyses: string[];
  fromSamples: FoundTable['from'];
  /** Null when the catalog has no table of analyses. */
  fromAnalyses: FoundTable['from'] | null;
  /** True when vibe_analyses.id exists: only then is "the first analysis" defined. */
  analysesHaveId: boolean;
  /** True when vibe_analyses.sample_id is text and samples.id is a number: they are compared as text. */
  analysesByText: boolean;
  /** PostgreSQL columns that are read as JSON: arrays (the driver knows few of them); in declared rows also dates. */
  arrays: ReadonlySet<string>;
  /** The table of each column that a filter may name: `s` for samples, `v` for analyses. */
  filterable: ReadonlyMap<string, 's' | 'v'>;
  /** The id's name in messages, after the setting: `DATABASE_URL: samples.id`. */
  idName: string;
  /** The condition for rows whose samples.id is not an integer. Null when the column's type rules them out. */
  nonIntegerId: RawBuilder<boolean> | null;
}

/** The part that differs between SQLite and PostgreSQL. The rest of the query layer is shared. */
export interface Backend {
  dialect: 'sqlite' | 'postgres';
  db: Kysely<unknown>;
  /** Where the catalog is, without secrets: `PostgreSQL at localhost:5432/samples`. */
  place: string;
  /** Returns a table or view with its columns, or null when there is none. `schema`: searches only that schema. */
  find(table: string, schema?: string): Promise<FoundTable | null>;
  /** Returns the schemas that have a table of this name, for a message when `find` returned null. */
  elsewhere(table: string): Promise<string[]>;
  /** Returns every table and view that may be read, ordered by name. */
  tables(): Promise<ListedTable[]>;
  /**
   * Returns the columns of a SELECT in its order, with names as it writes them. Throws a RefusedSelect when the
   * database does not accept the text as one SELECT that only reads and has no parameters.
   */
  describe(select: string): Promise<({ name: string } & Column)[]>;
  /** Returns the condition for rows whose `id` is no integer: null if the type allows none, `text` if not numeric. */
  nonIntegerId(idType: string, id: RawBuilder<unknown>): RawBuilder<boolean> | null | 'text';
  /** Returns true when row-level security hides rows of this table from this role. */
  hidesRows(from: RawBuilder<unknown>): Promise<boolean>;
  /** Returns a mark that changes when the tables may differ: a file was replaced, or its schema changed. */
  generation(): string;
  /** As Catalog.changeMark. */
  changeMark(): string | null;
  /**
   * Runs a query. Throws a Fault for what a retry cannot cure (login, schema, a file that is not a database), an
   * UnreadableRows when the database cannot return some row, and a plain Error for temporary failures (unreachable,
   * restarted, locked).
   */
  run<T>(query: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The database cannot return some row (a cast in a view, an invalid byte). The message is the database's own. */
export class UnreadableRows extends Error {
  override readonly name = 'UnreadableRows';
}

/** The database does not accept a text as one SELECT that only reads. The message is the database's own. */
export class RefusedSelect extends Error {
  override readonly name = 'RefusedSelect';
}
