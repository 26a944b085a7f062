import type { Cell, Figures, Reconciliation } from '../../reconcile/types.js';
import { amount } from './usage-json.js';

const figures = ({ requests, tokens, costNanos }: Figures) => ({
  requests,
  tokens,
  ...amount('cost', costNanos),
});

const difference = ({ provider, ledger }: Cell): Figures => ({
  requests: provider.requests - ledger.requests,
  tokens: provider.tokens - ledger.tokens,
  costNanos: provider.costNanos - ledger.costNanos,
});

/**
 * Returns `{ source, from, to, ok, unexplained, rows, other_models, incomplete, outside }`. A row is one model on one
 * UTC day. Differences are provider minus ledger: they are the sum of the explanations and `rest`, which stays
 * unexplained.
 */
export const reconcileJson = (source: string, found: Reconciliation) => ({
  source,
  from: found.from,
  to: found.to,
  ok: found.unexplained === 0,
  unexplained: found.unexplained,
  rows: found.cells.map((cell) => ({
    day: cell.day,
    model: cell.model,
    verdict: cell.verdict,
    provider: { ...figures(cell.provider), ...amount('byok', cell.provider.byokNanos) },
    ledger: {
      ...figures(cell.ledger),
      searches: cell.ledger.searches,
      ...amount('byok_upstream', cell.ledger.upstreamNanos),
    },
    difference: figures(difference(cell)),
    explanations: cell.explanations.map(({ kind, attempts, of, ...part }) => ({
      kind,
      ...figures(part),
      attempts,
      attempts_involved: of,
    })),
    rest: figures(cell.rest),
  })),
  other_models: found.otherModels.map(({ model, ...part }) => ({ model, ...figures(part) })),
  incomplete: found.incomplete === null ? null : figures(found.incomplete),
  outside: found.outside,
});
