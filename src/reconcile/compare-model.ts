import { candidateDays, homeDay } from './days.js';
import { type Candidates, explainRest } from './explain-rest.js';
import type { ModelLedger } from './ledger-days.js';
import { type Split, splitsAtMidnight, sumOf } from './midnight.js';
import {
  type ActivityRow,
  type Cell,
  type Explanation,
  type Figures,
  isZero,
  type LedgerAttempt,
  minus,
  NOTHING,
  plus,
} from './types.js';

/** Our app name at the provider, as in its exports. */
const OUR_APP = 'sample-embeddings';
/** Most ways to split midnights that are tried; after that the best one found is used. */
const MAX_TRIES = 20_000;

export interface ModelSources {
  model: string;
  /** The provider's rows about this model, of the days compared. */
  rows: readonly ActivityRow[];
  ledger: ModelLedger;
  /** The days compared, both included. */
  from: string;
  to: string;
  sharedKey: boolean;
}

/** The days that are still possible for each attempt that was in flight at midnight. */
type Possible = ReadonlyMap<LedgerAttempt, readonly string[]>;

interface Outcome {
  cells: Cell[];
  unexplained: number;
}

/**
 * Compares one model day by day, in ascending order. An attempt that was in flight at midnight counts on one of two
 * days. Searches all ways to split such attempts for one that leaves nothing unexplained.
 */
export function compareModel(sources: ModelSources): Cell[] {
  const { rows, ledger } = sources;
  const exported = new Map(
    rows.flatMap(({ providerId, day }) => (providerId === null ? [] : [[providerId, day]])),
  );
  const start = new Map(
    ledger.movable.map((attempt) => {
      const known = attempt.providerId === null ? undefined : exported.get(attempt.providerId);
      return [attempt, known === undefined ? candidateDays(attempt) : [known]] as const;
    }),
  );
  const days = daysOf(sources);
  let tries = 0;
  const search = (index: number, possible: Possible): Outcome => {
    const day = days[index];
    if (day === undefined) return { cells: [], unexplained: 0 };
    let best: Outcome | null = null;
    for (const { cell, next } of waysOf(day, sources, possible)) {
      tries += 1;
      const after = search(index + 1, next);
      const unexplained = after.unexplained + (cell?.verdict === 'unexplained' ? 1 : 0);
      if (best === null || unexplained < best.unexplained)
        best = { cells: cell === null ? after.cells : [cell, ...after.cells], unexplained };
      if (unexplained === 0 || tries > MAX_TRIES) break;
    }
    return best ?? { cells: [], unexplained: 0 };
  };
  return search(0, start).cells;
}

/** Returns every day of the comparison on which either side may have figures. */
function daysOf({ rows, ledger, from, to }: ModelSources): string[] {
  const open = [...ledger.movable, ...Object.values(ledger.special).flat()];
  const days = [
    ...rows.map(({ day }) => day),
    ...ledger.home.keys(),
    ...open.flatMap((attempt) => candidateDays(attempt)),
  ];
  return [...new Set(days)].filter((day) => day >= from && day <= to).sort();
}

interface Way {
  /** Null when neither side has figures. */
  cell: Cell | null;
  next: Possible;
}

/** Returns the ways to explain one day, those with the fewest explanations first; at least one. */
function waysOf(day: string, sources: ModelSources, possible: Possible): Way[] {
  const { ledger, rows, model, sharedKey } = sources;
  const ours = rows.filter((row) => row.day === day);
  const others = ours.filter(({ app }) => app !== null && app !== OUR_APP).reduce<Figures>(plus, NOTHING);
  const provider = {
    ...ours.reduce<Figures>(plus, NOTHING),
    byokNanos: ours.reduce((sum, row) => sum + row.byokNanos, 0n),
  };
  const home = ledger.home.get(day) ?? { ...NOTHING, searches: 0, upstreamNanos: 0n };
  const constant = {
    upstreamNanos: provider.byokNanos - home.upstreamNanos,
    withoutUpstream: ledger.withoutUpstream.filter((attempt) => homeDay(attempt) === day),
    // Costs of other programs may be part of the provider's figures.
    nanosPerToken: cheapest(priceOf(minus(provider, others)), priceOf(home)),
    sharedKey,
    slack: BigInt(Math.ceil(Math.max(provider.requests, home.requests) / 2) + 1),
  };
  const there = ledger.movable.filter((attempt) => possible.get(attempt)?.includes(day));
  const forced = there.filter((attempt) => possible.get(attempt)?.length === 1);
  const free = there.filter((attempt) => !forced.includes(attempt));
  const certain = plus(plus(others, ledger.fixed.get(day) ?? NOTHING), sumOf(forced));
  const splits = splitsAtMidnight({
    attempts: free,
    isHome: (attempt) => homeDay(attempt) === day,
    isSure: (attempt) => candidateDays(attempt, 0).length > 1,
    wanted: minus(provider, certain),
  });
  const explain = (split: Split) => {
    const counted = [...forced, ...split.counted()];
    const candidates: Candidates = { ...constant, ...openOn(day, ledger, counted) };
    return { counted, ...explainRest(split.rest, candidates) };
  };
  const whole = splits
    .map(explain)
    .filter(({ rest }) => isZero(rest))
    .sort((a, b) => a.explanations.length - b.explanations.length);
  const ways = whole.length > 0 ? whole : splits.slice(0, 1).map(explain);
  return ways.map(({ counted, explanations, rest }) => {
    const difference = minus(provider, home);
    const all = [...othersOf(others), ...movedOver(day, counted, ledger.movable), ...explanations];
    const nothing = isZero(provider) && isZero(home) && all.length === 0;
    const verdict = !isZero(rest) ? 'unexplained' : isZero(difference) ? 'same' : 'explained';
    return {
      cell: nothing ? null : { day, model, provider, ledger: home, verdict, explanations: all, rest },
      next: nextOf(possible, { day, free, counted }),
    };
  });
}

const priceOf = ({ tokens, costNanos }: Figures): number | null =>
  tokens > 0n && costNanos > 0n ? Number(costNanos) / Number(tokens) : null;

const cheapest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

function nextOf(
  possible: Possible,
  { day, free, counted }: { day: string; free: LedgerAttempt[]; counted: LedgerAttempt[] },
): Possible {
  const left = new Map(possible);
  const here = new Set(counted);
  for (const attempt of free)
    left.set(
      attempt,
      here.has(attempt) ? [day] : (possible.get(attempt) ?? []).filter((each) => each !== day),
    );
  return left;
}

/** Returns attempts that may explain this day: those that fit no other day, and those that this split counts here. */
function openOn(day: string, { special }: ModelLedger, counted: readonly LedgerAttempt[]) {
  const here = new Set(counted);
  const offered = (attempts: readonly LedgerAttempt[]): LedgerAttempt[] =>
    attempts.filter((attempt) => {
      const days = candidateDays(attempt);
      return days.length > 1 && attempt.status !== 'failed' ? here.has(attempt) : days.includes(day);
    });
  return {
    unpriced: offered(special.unpriced),
    uncertain: offered(special.uncertain),
    pending: offered(special.pending),
    failed: offered(special.failed),
    cached: offered(special.cached),
  };
}

const othersOf = (others: Figures): Explanation[] =>
  isZero(others) ? [] : [{ kind: 'otherProgram', ...others, attempts: [], of: others.requests }];

/** Returns attempts counted here but started on another day, minus those started here and counted on another day. */
function movedOver(
  day: string,
  counted: readonly LedgerAttempt[],
  movable: readonly LedgerAttempt[],
): Explanation[] {
  const here = new Set(counted);
  const came = counted.filter((each) => each.status === 'settled' && homeDay(each) !== day);
  const went = movable.filter(
    (each) => each.status === 'settled' && homeDay(each) === day && !here.has(each),
  );
  const attempts = [...came, ...went].map((attempt) => attempt.requestId);
  if (attempts.length === 0) return [];
  return [{ kind: 'midnight', ...minus(sumOf(came), sumOf(went)), attempts, of: attempts.length }];
}
