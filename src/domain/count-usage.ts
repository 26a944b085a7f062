import { setImmediate as turn } from 'node:timers/promises';
import type { RunPlan } from '../contract/plan.js';
import { hasOurVocabulary, loadTokenCounter } from '../providers/tokens.js';
import type { EmbedAnswer } from '../providers/types.js';

/** Tokens of an answer, as the ledger records them. */
export interface CountedTokens {
  /** Null: unknown. */
  tokens: number | null;
  /** Upper bound of the billed tokens; null: unknown. */
  most: number | null;
  /** Counted by our tokenizer, not by the provider. */
  here: boolean;
}

/** Characters counted between two turns of the event loop, about 50 ms: heartbeats go on meanwhile. */
const CHARACTERS_A_TURN = 200_000;

/**
 * Returns the tokens of an answer: the provider's if they are plausible, otherwise counted here if we have the model's
 * vocabulary. If no cost above 0 is stated, only tokens show what was billed. They are then always counted here, and
 * `most` is the larger number: half of the true tokens is plausible, and false.
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
