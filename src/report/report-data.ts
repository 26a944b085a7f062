import type { ReportOverview } from '../engines/report-overview.js';

/** The report's figures: totals from the store, and what the catalog holds. */
export interface ReportData extends ReportOverview {
  madeAt: string;
  samples: number;
  /** The active generation: its number, model and vector length. */
  generation: { number: number; model: string; dimensions: number };
  genres: { name: string; samples: number; stored: number }[];
}
