import { compareModel } from './compare-model.js';
import { daysAfter } from './days.js';
import { ledgerOfDays } from './ledger-days.js';
import { modelOf } from './same-model.js';
import {
  type Activity,
  type ActivityRow,
  type Figures,
  type LedgerAttempt,
  NOTHING,
  plus,
  type Reconciliation,
} from './types.js';

export interface ReconcileOptions {
  /** The current UTC day, which is not over, YYYY-MM-DD. */
  today: string;
  /** Other programs use the same key: what the provider counts beyond the ledger is theirs. Default false. */
  sharedKey?: boolean;
}

/**
 * Compares the ledger with the provider's own activity, by completed UTC day and model. Null when the activity covers
 * no completed day.
 */
export async function reconcile(
  { rows, from, to }: Activity,
  attempts: AsyncIterable<LedgerAttempt> | Iterable<LedgerAttempt>,
  { today, sharedKey = false }: ReconcileOptions,
): Promise<Reconciliation | null> {
  const days = rows.map(({ day }) => day).sort();
  const first = from ?? days[0];
  const last = earlier(to ?? days.at(-1), daysAfter(today, -1));
  if (first === undefined || last === undefined || first > last) return null;
  const within = rows.filter(({ day }) => day >= first && day <= last);
  const upstream = within.some(({ byokNanos }) => byokNanos > 0n);
  const { models, outside } = await ledgerOfDays(attempts, { from: first, to: last, upstream });

  const names = [...models.keys()].sort();
  const byModel = new Map<string, ActivityRow[]>(names.map((name) => [name, []]));
  const others = new Map<string, Figures>();
  for (const row of within) {
    const model = modelOf(row.names, names);
    const name = row.names[0] ?? '';
    if (model === null) others.set(name, plus(others.get(name) ?? NOTHING, row));
    else byModel.get(model)?.push(row);
  }
  const cells = [...models]
    .flatMap(([model, ledger]) =>
      compareModel({ model, rows: byModel.get(model) ?? [], ledger, from: first, to: last, sharedKey }),
    )
    .sort((a, b) => (a.day === b.day ? a.model.localeCompare(b.model) : a.day < b.day ? -1 : 1));
  const unfinished = rows.filter(({ day }) => day >= today);
  return {
    from: first,
    to: last,
    cells,
    otherModels: [...others].map(([model, figures]) => ({ model, ...figures })),
    incomplete: unfinished.length === 0 ? null : unfinished.reduce<Figures>(plus, NOTHING),
    outside,
    unexplained: cells.filter(({ verdict }) => verdict === 'unexplained').length,
  };
}

const earlier = (a: string | undefined, b: string): string | undefined =>
  a === undefined ? undefined : a < b ? a : b;
