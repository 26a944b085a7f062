/** OpenAI's limits for embeddings, passed on by OpenRouter. */
export const MAX_INPUT_TOKENS = 8192;
export const MAX_REQUEST_TOKENS = 300_000;
export const MAX_REQUEST_INPUTS = 2048;

/** The longest token of cl100k_base: 128 spaces. */
const MAX_TOKEN_BYTES = 128;

/** A run without a word boundary takes quadratic time (a million times `a`: ten minutes), so it is cut every so often. */
const LONG_RUN = /\p{L}{1024}(?=\p{L})|\s{1024}(?=\s)|[^\s\p{L}\p{N}]{1024}(?=[^\s\p{L}\p{N}])/gu;
/** How far, in tokens, a count may be off at a cut, generously. */
const SLACK_PER_CUT = 16;

type Count = (text: string) => number;
let vocabulary: Promise<Count> | undefined;

function loadVocabulary(): Promise<Count> {
  vocabulary ??= import('gpt-tokenizer/encoding/cl100k_base').then(({ countTokens: count }) => {
    // A text may well spell `<|endoftext|>`: it is text, not an instruction.
    const options = { disallowedSpecial: new Set<string>() };
    return (text) => count(text, options);
  });
  return vocabulary;
}

/**
 * Token counts in cl100k_base, as OpenAI's embedding models bill them: exact, but for texts with a run of over 1,024
 * letters, blanks or signs, which get a close upper bound instead. The vocabulary (100 ms, 60 MB) is loaded by the
 * first call; counting runs at about a million tokens a second.
 */
export async function loadTokenCounter(): Promise<Count> {
  const count = await loadVocabulary();
  return (text) => {
    const parts = cut(text);
    const sum = parts.reduce((total, part) => total + count(part), 0);
    return Math.min(sum + SLACK_PER_CUT * (parts.length - 1), tokenUpperBound(text));
  };
}

/** One text's tokens, as `loadTokenCounter` counts them. */
export const countTokens = async (text: string): Promise<number> => (await loadTokenCounter())(text);

/** OpenAI's embedding models, by its own names and by OpenRouter's. */
const OPENAI_EMBEDDINGS = /^(?:openai\/)?text-embedding-(?:3-small|3-large|ada-002)$/;

/** Whether our vocabulary, cl100k_base, is the model's. */
export const hasOurVocabulary = (model: string): boolean => OPENAI_EMBEDDINGS.test(model);

/** A list that says less is in error, and would fail every sample for good. */
const FEWEST_INPUT_TOKENS = 256;

/**
 * Tokens of one text that the model takes: `listed` by the provider, else OpenAI's own limit. Null: its vocabulary is
 * not ours, so that only the provider can tell whether a text is too long.
 */
export function inputTokensOf(model: string, listed: number | null): number | null {
  if (!hasOurVocabulary(model)) return null;
  return listed !== null && listed >= FEWEST_INPUT_TOKENS ? listed : MAX_INPUT_TOKENS;
}

/** In our vocabulary no text has more tokens than UTF-8 bytes. Cheap: nothing is loaded or counted. */
export const tokenUpperBound = (text: string): number => Buffer.byteLength(text);

/** Tokens that models of other vocabularies put around a text, and bill: one at its begin, one at its end. */
const ADDED_TOKENS = 2;

/** The most tokens that any model bills a text at: its UTF-8 bytes, a begin and an end. */
export const tokensOfAnyModel = (text: string): number => tokenUpperBound(text) + ADDED_TOKENS;

/** The most tokens that this model bills a text at. Cheap: nothing is loaded or counted. */
export const tokensAtMost = (model: string, text: string): number =>
  hasOurVocabulary(model) ? tokenUpperBound(text) : tokensOfAnyModel(text);

/**
 * How a run bounds its tokens: cheaply, or as they will be billed where a cap on cost asks for it and the model is one
 * whose vocabulary we have.
 */
export const tokenMeasure = async (model: string, exact: boolean): Promise<Count> =>
  exact && hasOurVocabulary(model) ? loadTokenCounter() : (text) => tokensAtMost(model, text);

/**
 * Tokens of a text, or null as soon as it surely has more than `limit`: a long text is counted piece by piece, and not
 * beyond the limit. Exact where it can be cut between two words; a close upper bound for a text with an overlong run,
 * or with 8,192 characters without a blank between two letters.
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

/** Whether a text surely has more than `limit` tokens; where an inexact count leaves it open, the provider decides. */
export const tooLong = async (text: string, limit: number = MAX_INPUT_TOKENS): Promise<boolean> =>
  tokenUpperBound(text) > limit && (await countUpTo(text, limit)) === null;

const PIECE = 8192;
/** No token spans the place between a letter and a blank that another letter follows. */
const LAST_WORD = /^.*\p{L}(?= \p{L})/su;

interface Piece {
  text: string;
  /** It is cut where a token may span the cut. */
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
