import type { LedgerOfRun, VerifyLedger } from '../store/verify-ledger.js';
import type { Problem } from './kinds.js';

const PAGE = 200;

/**
 * What can be told from the ledger alone. Which texts a settled attempt bought is not kept, so "bought twice" shows as
 * an answer of the provider booked twice, or as totals that disagree.
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

export function* checkRun(ledger: LedgerOfRun): Generator<Problem> {
  const { runId, run, attempts, pending, over, tokens, costNanos } = ledger;
  const problem = (kind: Problem['kind'], message: string): Problem => ({ kind, sampleId: null, message });
  if (run === null) {
    yield problem(
      'ledger_unknown_run',
      `${attemptsOf(attempts)} of run ${runId}, which the store does not know`,
    );
    return;
  }
  // While a run may still go on, what is pending is under way, or is given up when the batch is sent again.
  if (pending > 0 && over)
    yield problem(
      'ledger_pending',
      `${attemptsOf(pending)} of run ${runId} left pending, which no run will settle`,
    );
  if (run.tokens !== tokens || run.costNanos !== costNanos)
    yield problem(
      'ledger_total',
      `run ${runId} counts ${run.tokens} tokens and ${run.costNanos} nanodollars, its ledger ${tokens} and ${costNanos}`,
    );
}

const attemptsOf = (n: number): string => (n === 1 ? '1 attempt' : `${n} attempts`);

/** All rows of a query that gives a page of them at a time. */
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
