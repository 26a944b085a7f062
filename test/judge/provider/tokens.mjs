import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';

/** Tokens of a text, as text-embedding-3-small counts them: its vocabulary is public. */
export const tokensOf = (text) => countTokens(text, { disallowedSpecial: new Set() });

export const tokensOfAll = (texts) => texts.reduce((sum, text) => sum + tokensOf(text), 0);
