/** OpenAI's limits for embeddings, passed on by OpenRouter. */
export const MAX_INPUT_TOKENS = 8192;
export const MAX_REQUEST_TOKENS = 300_000;
export const MAX_REQUEST_INPUTS = 2048;

/** The longest token of cl100k_base: 128 spaces. */
const MAX_TOKEN_BYTES = 128;

/** Cuts runs without a word boundary, which take quadratic time (a million times `a`: ten minutes). */
const LONG_RUN = /\p{L}{1024}(?=\p{L})|\s{1024}(?=\s)|[^\s\p{L}\p{N}]{1024}(?=[^\s\p{L}\p{N}])/gu;
/** Generous bound for the error of a count at each cut, tokens. */
const SLACK_PER_CUT = 16;

type Count = (text: string) => number;
let vocabulary: Promise<Count> | undefined;

function loadVocabulary(): Promise<Count> {
  vocabulary ??= import('gpt-tokenizer/encoding/cl100k_base').then(({ countTokens: count }) => {
    // A text may contain `<|endoftext|>`: it is text, not an instruction.
    const options = { disallowedSpecial: new Set<string>() };
    return (text) => count(text, options);
  });
  return vocabulary;
}

/**
 * Returns a counter of cl100k_base tokens, as OpenAI's embedding models bill them. Exact, except for texts with a run
 * of over 1,024 letters, blanks or signs, which get a close upper bound. The vocabulary (100 ms, 60 MB) is loaded by
 * the first call; counting runs at about a million tokens a second.
 */
export async function loadTokenCounter(): Promise<Count> {
  const count = await loadVocabulary();
  return (text) => {
    const parts = cut(text);
    const sum = parts.reduce((total, part) => total + count(part), 0);
    return Math.min(sum + SLACK_PER_CUT * (parts.length - 1), tokenUpperBound(text));
  };
}

/** Returns one text's tokens, as `loadTokenCounter` counts them. */
export const countTokens = async (text: string): Promise<number> => (await loadTokenCounter())(text);

/** OpenAI's embedding models, by OpenAI's names and OpenRouter's. */
const OPENAI_EMBEDDINGS = /^(?:openai\/)?text-embedding-(?:3-small|3-large|ada-002)$/;

/** Returns whether the model uses our vocabulary, cl100k_base. */
export const hasOurVocabulary = (model: string): boolean => OPENAI_EMBEDDINGS.test(model);

/** A list with a smaller limit is wrong, and would fail every sample for good. */
const FEWEST_INPUT_TOKENS = 256;

/**
 * Returns the most tokens of one text that the model takes: `listed` by the provider, else OpenAI's own limit. Null
 * when its vocabulary is not ours: then only the provider can tell whether a text is too long.
 */
export function inputTokensOf(model: string, listed: number | null): number | null {
  if (!hasOurVocabulary(model)) return null;
  return listed !== null && listed >= FEWEST_INPUT_TOKENS ? listed : MAX_INPUT_TOKENS;
}

/** Returns the UTF-8 bytes: in our vocabulary no text has more tokens. Cheap: loads and counts nothing. */
export const tokenUpperBound = (text: string): number => Buffer.byteLength(text);

/** Tokens that models with other vocabularies add to a text, and bill: one at its start, one at its end. */
const ADDED_TOKENS = 2;

/** Returns the most tokens that any model bills for a text: its UTF-8 bytes, a start and an end. */
export const tokensOfAnyModel = (text: string): number => tokenUpperBound(text) + ADDED_TOKENS;

/** Returns the most tokens that this model bills for a text. Cheap: loads and counts nothing. */
export const tokensAtMost = (model: string, text: string): number =>
  hasOurVocabulary(model) ? tokenUpperBound(text) : tokensOfAnyModel(text);

/**
 * Returns how a run bounds its tokens: cheaply, or exactly as billed when a cap on cost needs it (`exact`) and we have
 * the model's vocabulary.
 */
export const tokenMeasure = async (model: string, exact: boolean): Promise<Count> =>
  exact && hasOurVocabulary(model) ? loadTokenCounter() : (text) => tokensAtMost(model, text);

/**
 * Returns the tokens of a text, or null once it surely has more than `limit`: a long text is counted piece by piece,
 * and not beyond the limit. Exact when it can be cut between two words. A close upper bound for a text with an overlong
 * run, or with 8,192 characters without a blank between two letters.
 */
export async function countUpTo(text: string, limit: number = MAX_INPUT_TOKENS): Promise<number | null> {
  const bytes = tokenUpperBound(text);
  if (bytes > limit * MAX_TOKEN_BYTES) return null;
  const count = await loadVocabulary();
  const parts = cut(text).flatMap(pieces);
  const slack = SLACK_PER_CUT * parts.filter((part) => part.inexact).length;
  let sum = 0;
  for (const part of parts) {
    sum += count(part.text);
    if (sum > limit + slack) return null;
  }
  return Math.min(sum + slack, bytes);
}

/** Returns whether a text surely exceeds `limit` tokens. If an inexact count is unclear, the provider decides. */
export const tooLong = async (text: string, limit: number = MAX_INPUT_TOKENS): Promise<boolean> =>
  tokenUpperBound(text) > limit && (await countUpTo(text, limit)) === null;

const PIECE = 8192;
/** No token spans the end of a word that a blank and another letter follow. */
const LAST_WORD = /^.*\p{L}(?= \p{L})/su;

interface Piece {
  text: string;
  /** The piece begins at a cut that a token may span. */
  inexact: boolean;
}

function pieces(part: string, index: number): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  let inexact = index > 0;
  while (part.length - from > PIECE) {
    const words = LAST_WORD.exec(part.slice(from, from + PIECE))?.[0];
    const text = words ?? part.slice(from, from + PIECE);
    found.push({ text, inexact });
    inexact = words === undefined;
    from += text.length;
  }
  return [...found, { text: part.slice(from), inexact }];
}

function cut(text: string): string[] {
  if (text.length <= 1024) return [text];
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(LONG_RUN)) {
    const to = match.index + match[0].length;
    parts.push(text.slice(from, to));
    from = to;
  }
  return [...parts, text.slice(from)];
}
