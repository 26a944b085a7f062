import type { Kysely, RawBuilder } from 'kysely';
import type { SampleRow, TableName } from './types.js';

export const SAMPLE_COLUMNS = ['id', 'title', 'genre', 'bpm', 'musical_key', 'tags'] as const;
export const ANALYSIS_COLUMNS = [
  'mood_primary',
  'mood_secondary',
  'energy_level',
  'texture_tags',
  'characteristics',
] as const;
export type SampleColumn = (typeof SAMPLE_COLUMNS)[number];
export type AnalysisColumn = (typeof ANALYSIS_COLUMNS)[number];

/** The two tables as far as they are read. */
export interface Tables {
  samples: Required<Pick<SampleRow, SampleColumn>>;
  vibe_analyses: Required<Pick<SampleRow, AnalysisColumn>> & { id: number; sample_id: number };
}

export interface Column {
  /** In lower case; a domain's is that of what it is made of. */
  type: string;
  /** An array of PostgreSQL's. */
  array: boolean;
}

/** A table or view as it was found. */
export interface FoundTable<Name extends TableName = TableName> {
  /** With its schema, for a FROM clause. */
  from: RawBuilder<Tables[Name]>;
  columns: ReadonlyMap<string, Column>;
}

/** Which of the known columns this catalog has, and where. */
export interface Shape {
  samples: SampleColumn[];
  analyses: AnalysisColumn[];
  fromSamples: FoundTable<'samples'>['from'];
  /** Null: the catalog has no analyses at all. */
  fromAnalyses: FoundTable<'vibe_analyses'>['from'] | null;
  /** vibe_analyses.id exists, so that "the first analysis" means something. */
  analysesHaveId: boolean;
  /** vibe_analyses.sample_id is text where samples.id is a number: they are compared as text. */
  analysesByText: boolean;
  /** Columns that are PostgreSQL arrays: read as JSON, since the driver knows few of their types. */
  arrays: ReadonlySet<string>;
  /** True for a row whose samples.id is no integer; null when the column's type rules that out. */
  oddId: RawBuilder<boolean> | null;
}

/** What the dialects have to say for themselves; everything else is one query layer. */
export interface Backend {
  dialect: 'sqlite' | 'postgres';
  db: Kysely<Tables>;
  /** Where the catalog is, without secrets: `PostgreSQL at localhost:5432/samples`. */
  place: string;
  /** A table or view with its columns; null when it is not there. */
  find<Name extends TableName>(table: Name): Promise<FoundTable<Name> | null>;
  /** Schemas that have such a table although it is not looked for there, for a sentence. */
  elsewhere(table: TableName): Promise<string[]>;
  /** How to find a row whose id is no integer, given the type of samples.id; a string says the type itself is wrong. */
  oddId(idType: string): RawBuilder<boolean> | null | string;
  /** True where the database hides rows of this table from us (row-level security). */
  hides(from: RawBuilder<unknown>): Promise<boolean>;
  /** Changes when the tables may have become others: a file was replaced or its schema changed. */
  generation(): string;
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
