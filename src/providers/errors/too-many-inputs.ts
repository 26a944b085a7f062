/** Phrases for too many texts in a request, whatever the texts are called. */
const NAMED =
  /\bbatch[ _-]?size\b|\bin (?:one|a single|each) batch\b|\b(?:number|count|amount) of (?:inputs?|texts?|items|documents|strings|contents|embeddings)\b|\btoo many (?:inputs?|texts?|items|documents|strings|contents)\b|\b(?:inputs?|texts?|items|documents|strings) (?:per|in (?:one|a|each)) request\b|\b(?:array|list)\b[^.]{0,40}\b(?:too (?:long|large|many)|maximum length)\b|\b(?:at most|more than|up to|maximum(?: of)?) \d+ (?:inputs?|texts?|items|documents|strings|contents|requests?)\b/gi;
/** A number after a word for a limit. */
const LIMIT =
  /(?:\bmax(?:imum)?\b|\bmost\b|\blimit(?:ed)?\b|\b(?:larger|greater|more|longer|fewer|less) than\b|\bexceeds?\b|\bup to\b|<=|≤|>)[^\d.;]{0,60}?(\d+)/gi;

/** `atMost`: how many texts the server takes; null when it does not say. */
export interface TooManyInputs {
  atMost: number | null;
}

/**
 * Returns whether a refusal of 400, 413 or 422 says that the request held too many texts, and how many the server
 * takes. Null when it is about something else. An error may echo a text, so words that stand in one are ignored.
 */
export function saysTooManyInputs(message: string, texts: readonly string[]): TooManyInputs | null {
  if (texts.length < 2) return null;
  const isEcho = (words: string): boolean => texts.some((text) => text.includes(words));
  const named = [...message.matchAll(NAMED)].some(([words]) => !isEcho(words));
  if (!named) return null;
  const limits = [...message.matchAll(LIMIT)]
    .filter(([words]) => !isEcho(words))
    .map(([, digits]) => Number(digits))
    .filter((limit) => limit >= 1 && limit < texts.length);
  return { atMost: limits.length === 0 ? null : Math.min(...limits) };
}
