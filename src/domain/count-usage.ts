import { setImmediate as turn } from 'node:timers/promises';
import type { RunPlan } from '../contract/plan.js';
import { loadTokenCounter } from '../embedding/tokens.js';
import type { EmbedAnswer } from '../embedding/types.js';

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
 * Tokens of an answer: the provider's; or counted here where what it says is no bound, nor a cost above 0, and the
 * model's vocabulary is ours, so that what was paid is not shown as nothing.
 */
export async function tokensOf(
  answer: EmbedAnswer,
  texts: readonly string[],
  plan: Pick<RunPlan, 'model'>,
): Promise<CountedTokens> {
  const { tokens, tokensMost: most } = answer;
  const enough = most !== null || (answer.costNanos !== null && answer.costNanos > 0);
  if (enough || answer.cached || !plan.model.startsWith('openai/')) return { tokens, most, here: false };
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
  return { tokens: counted, most: counted, here: true };
}
