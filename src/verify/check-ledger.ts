import type { LedgerOfRun, VerifyLedger } from '../engines/libsql/verify-ledger.js';
import type { Problem } from './kinds.js';

const PAGE = 200;

/**
 * Finds problems that the ledger alone shows. It does not keep which texts a settled attempt bought, so "bought twice"
 * shows as a provider's answer booked twice, or as totals that disagree.
 */
export async function* checkLedger(
  ledger: Pick<VerifyLedger, 'ledgerByRun' | 'doubleEntries' | 'contradictions'>,
): AsyncGenerator<Problem> {
  const problem = (kind: Problem['kind'], message: string): Problem => ({ kind, sampleId: null, message });
  for await (const run of paged(ledger.ledgerByRun, (row) => row.runId)) yield* checkRun(run);
  for await (const { providerId, rows } of paged(ledger.doubleEntries, (row) => row.providerId))
    yield problem('ledger_duplicate', `answer ${providerId} is booked as paid by ${rows} attempts`);
  for await (const requestId of paged(ledger.contradictions, (id) => id))
    yield problem(
      'ledger_row',
      `attempt ${requestId} is settled, but without a time, or its dollars are not its nanodollars`,
    );
}

function* checkRun(ledger: LedgerOfRun): Generator<Problem> {
  const { runId, run, outside, final, attempts, leftover, tokens, costNanos } = ledger;
  const problem = (kind: Problem['kind'], message: string): Problem => ({ kind, sampleId: null, message });
  const whose = outside ? `outside any run (${runId})` : `of run ${runId}`;
  if (run === null && !outside)
    yield problem('ledger_unknown_run', `${attemptsOf(attempts)} ${whose}, which the store does not know`);
  if (leftover > 0)
    yield problem(
      'ledger_pending',
      `${attemptsOf(leftover)} ${whose} left pending, which no worker will settle`,
    );
  // Before the run is over, its row may be older than its ledger.
  if (run !== null && final && (run.tokens !== tokens || run.costNanos !== costNanos))
    yield problem(
      'ledger_total',
      `run ${runId} counts ${run.tokens} tokens and ${run.costNanos} nanodollars, its ledger ${tokens} and ${costNanos}`,
    );
}

const attemptsOf = (n: number): string => (n === 1 ? '1 attempt' : `${n} attempts`);

/** Yields all rows of a query that returns one page at a time. */
async function* paged<T>(
  read: (after: string, limit: number) => Promise<T[]>,
  key: (row: T) => string,
): AsyncGenerator<T> {
  let after = '';
  while (true) {
    const rows = await read(after, PAGE);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = key(last);
  }
}
