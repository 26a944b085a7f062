import type { AudioFacts, SourcedValue } from '../audio/facts.js';

const MOST_WORDS = 20;
const LONGEST = 200;
/** Comments that programs write: volumes of iTunes, numbers, addresses. */
const NOISE = /^([\dA-F]{8}\s*)+$|^[\d\s.,:+-]*$|^https?:\/\/\S*$|^(comment|none|unknown|untitled)$/i;

/** Returns the words of mood, keywords and grouping, then whole comments; each once, ignoring letter case. */
export function chooseWords({ words, comments }: AudioFacts): SourcedValue<string[]> | null {
  if (words.length === 0 && comments.length === 0) return null;
  const lists = words.flatMap(({ value, from }) =>
    value.split(/[,;|]/).map((word) => ({ value: word.trim(), from })),
  );
  const chosen = new Map<string, SourcedValue>();
  for (const said of [...lists, ...comments]) {
    const value = said.value.slice(0, LONGEST).trim();
    const key = value.toLowerCase();
    if (value !== '' && !NOISE.test(value) && !chosen.has(key)) chosen.set(key, { ...said, value });
  }
  const all = [...chosen.values()].slice(0, MOST_WORDS);
  if (all.length === 0) return null;
  return {
    value: all.map(({ value }) => value),
    from: [...new Set(all.map(({ from }) => from))].join(', '),
  };
}
