import type { RunPlan } from '../contract.js';
import { loadTokenCounter } from '../embedding/tokens.js';
import type { EmbedAnswer } from '../embedding/types.js';

/**
 * Tokens of an answer: the provider's, or counted here where it says neither tokens nor cost and the model's
 * vocabulary is ours, so that what was paid is not shown as nothing. Null: unknown.
 */
export async function tokensOf(
  answer: EmbedAnswer,
  texts: readonly string[],
  plan: Pick<RunPlan, 'model'>,
): Promise<number | null> {
  if (answer.tokens !== null || answer.costNanos !== null) return answer.tokens;
  if (!plan.model.startsWith('openai/')) return null;
  const count = await loadTokenCounter();
  return texts.reduce((sum, text) => sum + count(text), 0);
}
