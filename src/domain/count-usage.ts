import { setImmediate as turn } from 'node:timers/promises';
import type { RunPlan } from '../contract/plan.js';
import { hasOurVocabulary, loadTokenCounter } from '../providers/tokens.js';
import type { EmbedAnswer } from '../providers/types.js';

/** Tokens of an answer, as they are booked. */
export interface CountedTokens {
  /** Null: unknown. */
  tokens: number | null;
  /** The most that may have been billed; null: nobody can tell. */
  most: number | null;
  /** Counted by our tokenizer, not by the provider. */
  here: boolean;
}

/** Characters counted between two turns of the event loop, about 50 ms: heartbeats go on meanwhile. */
const CHARACTERS_A_TURN = 200_000;

/**
 * Tokens of an answer: the provider's where they can be believed, and as counted here where the model's vocabulary is
 * ours and they cannot. Where no cost above 0 is stated they alone tell what was billed, so they are counted here always
 * and the larger of the two is the most: half of the true tokens can be believed, and are false.
 */
export async function tokensOf(
  answer: EmbedAnswer,
  texts: readonly string[],
  plan: Pick<RunPlan, 'model'>,
): Promise<CountedTokens> {
  const { tokens, tokensMost: most } = answer;
  const costIsStated = answer.costNanos !== null && answer.costNanos > 0;
  const enough = costIsStated && most !== null;
  if (enough || answer.cached || !hasOurVocabulary(plan.model)) return { tokens, most, here: false };
  const count = await loadTokenCounter();
  let counted = 0;
  let since = 0;
  for (const text of texts) {
    counted += count(text);
    since += text.length;
    if (since < CHARACTERS_A_TURN) continue;
    since = 0;
    await turn();
  }
  if (most !== null) return { tokens, most: Math.max(most, counted), here: false };
  return { tokens: counted, most: counted, here: true };
}
