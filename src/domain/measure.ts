import { LRUCache } from 'lru-cache';
import type { RunPlan } from '../contract/plan.js';
import { countUpTo, inputTokensOf, tokensAtMost } from '../providers/tokens.js';
import { createTurns } from '../turns.js';
import type { RenderedSample } from './samples.js';

/** A sample whose text is bounded in tokens; null: it has more than the model takes, and is not sent. */
export type MeasuredSample = RenderedSample & { tokensBound: number | null };

/**
 * Bounds the tokens of each text: cheaply by its bytes (and the begin and end that other models add), or as they will be
 * billed where a cap on cost asks for it (`exact`) and the model is one whose vocabulary we have. Gives way to
 * heartbeats while it counts.
 */
export type Measure = (
  samples: readonly RenderedSample[],
  plan: Pick<RunPlan, 'model' | 'maxInputTokens'>,
  exact: boolean,
) => Promise<MeasuredSample[]>;

/** What a text may have; null: the provider decides. Of a run that began before this was planned, the model's own. */
export const maxInputTokensOf = ({
  model,
  maxInputTokens,
}: Pick<RunPlan, 'model' | 'maxInputTokens'>): number | null => maxInputTokens ?? inputTokensOf(model, null);

/** Counts that are kept: planning counts a text, and its batch asks again. */
const MOST_KEPT = 8192;

/** The measure of one process, which remembers what it has counted. */
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

/** Tokens that these samples may be billed for at most; what is too long is never sent. */
export const tokensOfAll = (samples: readonly MeasuredSample[]): number =>
  samples.reduce((sum, sample) => sum + (sample.tokensBound ?? 0), 0);
