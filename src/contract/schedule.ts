import type { InitialAttribute } from './attributes.js';
import type { Totals } from './progress.js';
import type { RunRequest } from './request.js';

/** The request that a schedule makes each time. */
export interface ScheduledRun {
  schedule: string;
  /** The one id of the collection's runs. Absent in schedules from before version 0.2: the built-in one's. */
  workflowId?: string;
  request: RunRequest;
  /** The run's title and description (Markdown) in the Web UI. */
  summary: string;
  details: string;
  /** Search attributes that its runs are started with; none if Temporal does not know ours. */
  attributes?: readonly InitialAttribute[];
}

/** The outcome of one firing that did not fail. `totals` null: unknown here. */
export interface ScheduledOutcome {
  outcome: 'completed' | 'cancelled' | 'skipped';
  runId: string | null;
  /** One sentence unless it completed. */
  reason: string | null;
  totals: Totals | null;
}
