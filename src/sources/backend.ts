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
  /** In lower case; a domain's is that of what it is made of. */
  type: string;
  /** An array of PostgreSQL's. */
  array: boolean;
}

/** A row of which only the id's type is known. */
export type AnyRow = { id: number } & Record<string, unknown>;

/** A table or view as it was found. */
export interface FoundTable {
  /** With its schema, for a FROM clause. */
  from: RawBuilder<AnyRow>;
  /** By name; SQLite's names in lower case. */
  columns: ReadonlyMap<string, Column>;
}

/** A table or view of the database, as a list shows it. */
export interface ListedTable {
  /** As `source.table` names it: with its schema where it is not found without. */
  name: string;
  /** In the table's order. */
  columns: readonly ({ name: string } & Column)[];
  /** The column that alone is the primary key; null: there is none. */
  key: string | null;
}

/** Which of the known columns this catalog has, and where. */
export interface Shape {
  samples: string[];
  analyses: string[];
  fromSamples: FoundTable['from'];
  /** Null: the catalog has no analyses at all. */
  fromAnalyses: FoundTable['from'] | null;
  /** vibe_analyses.id exists, so that "the first analysis" means something. */
  analysesHaveId: boolean;
  /** vibe_analyses.sample_id is text where samples.id is a number: they are compared as text. */
  analysesByText: boolean;
  /** Columns of PostgreSQL that are read as JSON: arrays, since the driver knows few of their types. */
  arrays: ReadonlySet<string>;
  /** Every column that a filter may name, and whose it is: of samples `s` or analyses `v`. */
  filterable: ReadonlyMap<string, 's' | 'v'>;
  /** How sentences name the id, after the setting: `DATABASE_URL: samples.id`. */
  idName: string;
  /** True for a row whose samples.id is no integer; null when the column's type rules that out. */
  oddId: RawBuilder<boolean> | null;
}

/** What the dialects have to say for themselves; everything else is one query layer. */
export interface Backend {
  dialect: 'sqlite' | 'postgres';
  db: Kysely<unknown>;
  /** Where the catalog is, without secrets: `PostgreSQL at localhost:5432/samples`. */
  place: string;
  /** A table or view with its columns; null when it is not there. `schema`: look there alone. */
  find(table: string, schema?: string): Promise<FoundTable | null>;
  /** Schemas that have such a table although it is not looked for there, for a sentence. */
  elsewhere(table: string): Promise<string[]>;
  /** Every table and view that may be read, by name. */
  tables(): Promise<ListedTable[]>;
  /**
   * The columns of a SELECT in its order, names as it writes them. Throws a RefusedSelect where the database does not
   * take it for one SELECT that only reads and has no parameters.
   */
  describe(select: string): Promise<({ name: string } & Column)[]>;
  /** How to find a row whose `id` is no integer, given its type; null: there is none. `text`: not a type of numbers. */
  oddId(idType: string, id: RawBuilder<unknown>): RawBuilder<boolean> | null | 'text';
  /** True where the database hides rows of this table from us (row-level security). */
  hides(from: RawBuilder<unknown>): Promise<boolean>;
  /** Changes when the tables may have become others: a file was replaced or its schema changed. */
  generation(): string;
  /** As Catalog.changeMark. */
  changeMark(): string | null;
  /**
   * Runs a query. Throws a Fault for what retrying cannot cure (login, schema, a file that is no database), an
   * UnreadableRows where the database cannot give some row, and a plain Error for what may pass (unreachable,
   * restarted, locked).
   */
  run<T>(query: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The database met a row that it cannot give: a cast in a view, a broken byte. The message is the database's own. */
export class UnreadableRows extends Error {
  override readonly name = 'UnreadableRows';
}

/** The database does not take a text for one SELECT that only reads. The message is the database's own. */
export class RefusedSelect extends Error {
  override readonly name = 'RefusedSelect';
}
