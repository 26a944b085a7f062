import { figuresOf } from './ledger-days.js';
import { type Figures, type LedgerAttempt, minus, NOTHING, plus } from './types.js';

/** With more attempts, only cuts in order of time are tried: all 2^n ways would take too long. */
const MAX_ALL_SUBSETS = 10;

/** A way to split attempts between two days. */
export interface Split {
  /** The day's figures that remain. */
  rest: Figures;
  /** Number of attempts not counted on the day of their start. */
  moved: number;
  /** Returns the attempts counted on the day. */
  counted(): LedgerAttempt[];
}

export interface Midnight {
  /** Attempts that each count on this day or on another one. */
  attempts: readonly LedgerAttempt[];
  /** Returns whether an attempt was started on this day. */
  isHome: (attempt: LedgerAttempt) => boolean;
  /** Returns whether an attempt was in flight at midnight even if all clocks agree. */
  isSure: (attempt: LedgerAttempt) => boolean;
  /** The day's figures without everything that is certain. */
  wanted: Figures;
}

/** Returns the ways to split attempts at midnight, those that move the fewest first: the first one moves none. */
export function splitsAtMidnight({ attempts, isHome, isSure, wanted }: Midnight): Split[] {
  const sure = attempts.filter(isSure);
  const unsure = attempts.filter((attempt) => !isSure(attempt) && isHome(attempt));
  const rest = minus(wanted, sumOf(unsure));
  const splits = [
    ...waysToSplit(sure, isHome, rest).map((split) => ({
      ...split,
      counted: () => [...unsure, ...split.counted()],
    })),
    ...(sure.length < attempts.length ? waysToSplit(attempts, isHome, wanted) : []),
  ];
  return splits.sort((a, b) => a.moved - b.moved);
}

type Wanted = [attempts: readonly LedgerAttempt[], isHome: Midnight['isHome'], wanted: Figures];

const waysToSplit = (...[attempts, isHome, wanted]: Wanted): Split[] =>
  attempts.length <= MAX_ALL_SUBSETS
    ? allSubsets(attempts, isHome, wanted)
    : [
        atHome(attempts, isHome, wanted),
        ...cuts(
          sortedBy(attempts, ({ createdAt }) => createdAt),
          isHome,
          wanted,
        ),
        ...cuts(
          sortedBy(attempts, ({ settledAt, createdAt }) => settledAt ?? createdAt),
          isHome,
          wanted,
        ),
      ];

const sortedBy = (
  attempts: readonly LedgerAttempt[],
  time: (attempt: LedgerAttempt) => string,
): LedgerAttempt[] => [...attempts].sort((a, b) => (time(a) < time(b) ? -1 : 1));

const allSubsets = (...[attempts, isHome, wanted]: Wanted): Split[] =>
  Array.from({ length: 2 ** attempts.length }, (_, mask) => {
    const counted = attempts.filter((_attempt, index) => (mask & (1 << index)) !== 0);
    const here = new Set(counted);
    const moved = attempts.filter((each) => isHome(each) !== here.has(each)).length;
    return { rest: minus(wanted, sumOf(counted)), moved, counted: () => counted };
  });

function atHome(...[attempts, isHome, wanted]: Wanted): Split {
  const counted = attempts.filter(isHome);
  return { rest: minus(wanted, sumOf(counted)), moved: 0, counted: () => counted };
}

/** Counts the first n attempts on this day, or the last n: at a single midnight one of these is right. */
function cuts(...[sorted, isHome, wanted]: Wanted): Split[] {
  const splits: Split[] = [];
  let before = NOTHING;
  const whole = sumOf(sorted);
  const homes = sorted.filter(isHome).length;
  let homesBefore = 0;
  for (let cut = 0; cut <= sorted.length; cut++) {
    const after = sorted.length - cut;
    const homesAfter = homes - homesBefore;
    // Moved: attempts of other days that are counted here, and those of this day that are not.
    const first = cut - homesBefore + homesAfter;
    const last = after - homesAfter + homesBefore;
    splits.push({ rest: minus(wanted, before), moved: first, counted: () => sorted.slice(0, cut) });
    splits.push({
      rest: minus(wanted, minus(whole, before)),
      moved: last,
      counted: () => sorted.slice(cut),
    });
    const next = sorted[cut];
    if (next === undefined) break;
    before = plus(before, sumOf([next]));
    if (isHome(next)) homesBefore += 1;
  }
  return splits;
}

/** Returns the figures of answered attempts; those without an answer count nothing. */
export const sumOf = (attempts: readonly LedgerAttempt[]): Figures =>
  attempts.reduce<Figures>(
    (sum, attempt) => (attempt.status === 'settled' ? plus(sum, figuresOf(attempt)) : sum),
    NOTHING,
  );
