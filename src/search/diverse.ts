/** A sample to choose from. */
export interface Choice {
  /** Higher is better. */
  score: number;
  /** Null: no vector; its similarity to others is 0. */
  vector: Float32Array | null;
}

/** Weight of relevance against novelty, 0 to 1. */
const RELEVANCE = 0.7;

/**
 * Chooses `limit` diverse items by maximal marginal relevance, in the order of choosing. Scores and similarities are
 * scaled to 0–1 within the choices, since neither uses its whole range. Deterministic.
 */
export function chooseDiverse<T>(items: readonly T[], limit: number, choiceOf: (item: T) => Choice): T[] {
  const choices = items.map((item) => ({ item, ...unit(choiceOf(item)) }));
  const relevance = scaler(choices.map(({ score }) => score));
  const open = new Set(choices.keys());
  const likest = new Float64Array(choices.length).fill(Number.NEGATIVE_INFINITY);
  const chosen: T[] = [];
  // The range of similarities to the best item is used as an estimate of the range over all pairs.
  const [first] = choices;
  const likeness = scaler(first === undefined ? [] : choices.slice(1).map((each) => cosine(first, each)));
  while (chosen.length < limit && open.size > 0) {
    let best = -1;
    let worth = Number.NEGATIVE_INFINITY;
    for (const at of open) {
      const like = likest[at] as number;
      const repeats = like === Number.NEGATIVE_INFINITY ? 0 : likeness(like);
      const each = RELEVANCE * relevance((choices[at] as Choice).score) - (1 - RELEVANCE) * repeats;
      if (each > worth) [best, worth] = [at, each];
    }
    open.delete(best);
    const next = choices[best] as (typeof choices)[number];
    chosen.push(next.item);
    for (const at of open)
      likest[at] = Math.max(likest[at] as number, cosine(next, choices[at] as (typeof choices)[number]));
  }
  return chosen;
}

/** Normalizes the vector to length 1. */
function unit({ score, vector }: Choice): Choice {
  if (vector === null) return { score, vector };
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return { score, vector: length > 0 ? vector.map((value) => value / length) : null };
}

function cosine({ vector: a }: Choice, { vector: b }: Choice): number {
  if (a === null || b === null || a.length !== b.length) return 0;
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}

/** Returns a function that maps the range of the values to 0–1 and clamps other values. */
function scaler(values: readonly number[]): (value: number) => number {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return (value) => (high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0);
}
