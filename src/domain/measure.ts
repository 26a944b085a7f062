import { LRUCache } from 'lru-cache';
import type { RunPlan } from '../contract/plan.js';
import { countUpTo, inputTokensOf, tokensAtMost } from '../providers/tokens.js';
import { createTurns } from '../turns.js';
import type { RenderedSample } from './samples.js';

/** A sample with an upper bound of its text's tokens; null: more than the model accepts, so it is not sent. */
export type MeasuredSample = RenderedSample & { tokensBound: number | null };

/**
 * Bounds the tokens of each text: cheaply by its bytes (plus the begin and end that other models add), or exactly as
 * billed if a cost cap needs it (`exact`) and we have the model's vocabulary. Yields to heartbeats while it counts.
 */
export type Measure = (
  samples: readonly RenderedSample[],
  plan: Pick<RunPlan, 'model' | 'maxInputTokens'>,
  exact: boolean,
) => Promise<MeasuredSample[]>;

/**
 * Returns the most tokens of a text; null: the provider decides. For a run that began before plans had this limit: the
 * model's own.
 */
export const maxInputTokensOf = ({
  model,
  maxInputTokens,
}: Pick<RunPlan, 'model' | 'maxInputTokens'>): number | null => maxInputTokens ?? inputTokensOf(model, null);

/** Number of counts that are kept: planning counts a text, and its batch needs the count again. */
const MOST_KEPT = 8192;

/** Creates the measure of one process, which caches its counts. */
export function createMeasure(): Measure {
  const counted = new LRUCache<string, { tokens: number | null }>({ max: MOST_KEPT });

  const count = async ({ hash, text }: RenderedSample, limit: number): Promise<number | null> => {
    const key = `${limit} ${hash}`;
    const known = counted.get(key);
    if (known !== undefined) return known.tokens;
    const tokens = await countUpTo(text, limit);
    counted.set(key, { tokens });
    return tokens;
  };

  return async (samples, plan, exact) => {
    const { model } = plan;
    const limit = maxInputTokensOf(plan);
    const measured: MeasuredSample[] = [];
    // Counting takes about a microsecond a token.
    const turns = createTurns();
    for (const sample of samples) {
      const most = tokensAtMost(model, sample.text);
      const tokensBound = limit !== null && (exact || most > limit) ? await count(sample, limit) : most;
      measured.push({ ...sample, tokensBound });
      if (turns.isDue()) await turns.give();
    }
    return measured;
  };
}

/** Returns the most tokens that these samples may be billed for; texts that are too long are never sent. */
export const tokensOfAll = (samples: readonly MeasuredSample[]): number =>
  samples.reduce((sum, sample) => sum + (sample.tokensBound ?? 0), 0);
