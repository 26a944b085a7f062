import type { InitialAttribute } from './attributes.js';
import type { Totals } from './progress.js';
import type { RunRequest } from './request.js';

/** What a schedule asks for, each time. */
export interface ScheduledRun {
  schedule: string;
  /** The one id of the collection's runs. Absent in schedules from before version 0.2: the built-in one's. */
  workflowId?: string;
  request: RunRequest;
  /** The run's title and description (Markdown) in the Web UI. */
  summary: string;
  details: string;
  /** Search attributes that its runs are started with; none where Temporal does not know ours. */
  attributes?: readonly InitialAttribute[];
}

/** What became of one firing that did not fail. `totals` null: nothing is known of them here. */
export interface ScheduledOutcome {
  outcome: 'completed' | 'cancelled' | 'skipped';
  runId: string | null;
  /** One sentence unless it completed. */
  reason: string | null;
  totals: Totals | null;
}
