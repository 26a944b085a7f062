import type { ReportOverview } from '../engines/report-overview.js';

/** What the report shows: what the store adds up, beside what the catalog holds. */
export interface ReportData extends ReportOverview {
  madeAt: string;
  samples: number;
  /** The generation that is active: its number, model and length of vectors. */
  generation: { number: number; model: string; dimensions: number };
  genres: { name: string; samples: number; stored: number }[];
}
