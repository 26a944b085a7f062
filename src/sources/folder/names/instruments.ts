import { INSTRUMENTS } from './instrument-spellings.js';

const BY_SPELLING = new Map<string, string>();
/** The first words of all spellings of two words. */
const OPENERS = new Set<string>();
for (const { word, spelled } of INSTRUMENTS)
  for (const spelling of spelled) {
    BY_SPELLING.set(spelling, word);
    if (spelling.includes(' ')) OPENERS.add(spelling.slice(0, spelling.indexOf(' ')));
    if (!spelling.endsWith('s')) BY_SPELLING.set(`${spelling}s`, word);
  }

/** Returns the instruments that the words name, each once, in order. "hi hat" and "drum loop" are two words each. */
export function instrumentsIn(words: readonly string[]): string[] {
  const found: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    // "No Kick" is a loop without a kick.
    if (at > 0 && (words[at - 1] === 'no' || words[at - 1] === 'without')) continue;
    const pair = OPENERS.has(word) ? BY_SPELLING.get(`${word} ${words[at + 1]}`) : undefined;
    const instrument = pair ?? BY_SPELLING.get(word);
    if (pair !== undefined) at += 1;
    if (instrument !== undefined && !found.includes(instrument)) found.push(instrument);
  }
  return found;
}
