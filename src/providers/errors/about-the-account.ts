/**
 * Refusals of 403 and 404 that are about settings of the account, not about the model or the address. OpenRouter sends
 * them when its routing finds no provider that this account, or this request, may use.
 */
const CURES: readonly { said: RegExp; cure: string }[] = [
  {
    said: /\b(?:data policy|guardrails?|zero data retention|privacy settings)\b/i,
    cure: "the account's privacy settings leave no provider for this model: allow one at openrouter.ai/settings/privacy, then embeddings resume",
  },
  {
    said: /\bno (?:allowed )?providers (?:are )?available\b|\ball providers have been ignored\b|\bno allowed providers\b/i,
    cure: "the account's allowed and ignored providers leave none for this model: change them at openrouter.ai/settings/privacy, then embeddings resume",
  },
  {
    said: /\bno endpoints (?:found|available) that (?:support|can handle)\b/i,
    cure: 'no provider of this model takes such a request: check that EMBEDDING_MODEL is a model for embeddings and takes EMBEDDING_DIMENSIONS',
  },
  {
    said: /\bkey limit exceeded\b/i,
    cure: 'the limit of this OPENROUTER_API_KEY is used up: raise it at openrouter.ai/settings/keys, then embeddings resume',
  },
];

/** Returns what a person can do about such a refusal; null for others. Words that stand in a text are ignored. */
export function accountCure(message: string, texts: readonly string[]): string | null {
  const found = CURES.find(({ said }) => {
    const words = said.exec(message)?.[0];
    return words !== undefined && !texts.some((text) => text.includes(words));
  });
  return found?.cure ?? null;
}
