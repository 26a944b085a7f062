/** A small seeded random generator: the same seed gives the same catalog on every machine. */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  chance(probability: number): boolean;
  /** An integer, both ends included. */
  integer(from: number, to: number): number;
  pick<T>(items: readonly T[]): T;
  /** `count` different items, in random order; all of them when there are fewer. */
  some<T>(items: readonly T[], count: number): T[];
}

/** Creates a generator with Mulberry32: 32 bits of state, enough for word lists. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: <T>(items: readonly T[]) => items[integer(0, items.length - 1)] as T,
    some: <T>(items: readonly T[], count: number) => {
      const pool = [...items];
      const chosen: T[] = [];
      while (chosen.length < count && pool.length > 0) {
        chosen.push(...pool.splice(integer(0, pool.length - 1), 1));
      }
      return chosen;
    },
  };
}
