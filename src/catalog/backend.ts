import type { Kysely, RawBuilder } from 'kysely';
import type { SampleRow } from './types.js';

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

/** Which of the known columns this catalog has. */
export interface Shape {
  samples: SampleColumn[];
  analyses: AnalysisColumn[];
  /** vibe_analyses.id exists, so that "the first analysis" means something. */
  analysesHaveId: boolean;
  /** True for a row whose samples.id is no integer; null when the column's type rules that out. */
  oddId: RawBuilder<boolean> | null;
}

/** What the dialects have to say for themselves; everything else is one query layer. */
export interface Backend {
  dialect: 'sqlite' | 'postgres';
  db: Kysely<Tables>;
  /** Where the catalog is, without secrets: `PostgreSQL at localhost:5432/samples`. */
  place: string;
  /** The columns of a table or view by name, with their types in lower case; null when it is not there. */
  columns(table: keyof Tables): Promise<Map<string, string> | null>;
  /** How to find a row whose id is no integer, given the type of samples.id; a string says the type itself is wrong. */
  oddId(idType: string): RawBuilder<boolean> | null | string;
  /**
   * Runs a query. Throws a Fault for what retrying cannot cure (login, schema, a file that is no database) and a plain
   * Error for what may pass (unreachable, restarted, locked).
   */
  run<T>(query: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
