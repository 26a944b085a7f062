import type { ReportOverview } from '../engines/report-overview.js';

/** What the report shows: what the store adds up, beside what the catalog holds. */
export interface ReportData extends ReportOverview {
  madeAt: string;
  samples: number;
  genres: { name: string; samples: number; stored: number }[];
}
