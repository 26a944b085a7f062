import { usageFault } from '../../fault.js';
import { readKey } from '../../musical-key.js';

/** The requirements for a kit. */
export interface Brief {
  /** The text without tempo and key; may be empty. */
  feel: string;
  /** Null: the text names none. */
  bpm: number | null;
  /** `Am`, `F#`; null: the text names none. */
  key: string | null;
}

const TEMPOS = [
  /(?<from>\d{2,3}(?:[.,]\d+)?)(?:\s*(?:-|–|to)\s*(?<to>\d{2,3}(?:[.,]\d+)?))?[\s-]*bpm\b/i,
  /\b(?:bpm|tempo)\s*(?:of\s+)?(?<from>\d{2,3}(?:[.,]\d+)?)\b/i,
  /\bat\s+(?<from>\d{2,3})(?=\s*(?:[,;]|$|in\b))/i,
];
const SLOWEST = 40;
const FASTEST = 300;

const SIGN = String.raw`(?:\s*[#♯♭]|b(?=[\s,;]|$|m)|[- ]?(?:sharp|flat))`;
const MODE = String.raw`(?:[- ]?(?:minor|major|min|maj|moll|dur)\b|m\b)`;
const KEYS = [
  // "A minor", "F# maj", "Bbm", "Am": a capital "A" is not an article.
  new RegExp(
    String.raw`(?<![\p{L}\p{N}])(?:(?:in|key of|key)\s+)?(?<key>[A-G]${SIGN}?${MODE})(?![\p{L}\p{N}])`,
    'u',
  ),
  // "in a minor", "key of c": a key in lower case needs such a word before it, and the end of a phrase after it.
  new RegExp(String.raw`\b(?:in|key of|key)\s+(?<key>[a-gA-G]${SIGN}?${MODE}?)(?=\s*(?:[,;.]|$))`, 'u'),
  new RegExp(String.raw`(?:^|[,;])\s*(?<key>[a-g]${SIGN}?${MODE})(?=\s*(?:[,;.]|$))`, 'u'),
  // "F#", "Bb" alone; "8A" of the Camelot wheel.
  /(?<![\p{L}\p{N}])(?<key>[A-G](?:[#♯♭]|b))(?![\p{L}\p{N}])/u,
  /(?<![\p{L}\p{N}])(?<key>(?:1[0-2]|[1-9])[AB])(?![\p{L}\p{N}])/u,
];

/** Characters. Models with a limit of 8,192 tokens accept 2,000 characters. */
const LONGEST = 2000;
const LIKE = 'like "dusty boom bap, 90 bpm, A minor"';

/** Reads tempo and key from a text; of a tempo range the middle. Throws a usage Fault for an empty or too long text. */
export function readBrief(text: string): Brief {
  const clean = text.replaceAll('\0', ' ').toWellFormed().trim();
  if (clean === '') throw usageFault(`the text of the kit is empty: say what it feels like, ${LIKE}`);
  if (clean.length > LONGEST)
    throw usageFault(
      `the text of the kit has ${clean.length.toLocaleString('en')} characters, and ${LONGEST.toLocaleString('en')} are read: say it in fewer words, ${LIKE}`,
    );
  let rest = clean.normalize('NFC');
  let bpm: number | null = null;
  for (const pattern of TEMPOS) {
    const match = pattern.exec(rest);
    const { from, to = from } = match?.groups ?? {};
    const tempo = (numberOf(from) + numberOf(to)) / 2;
    if (match === null || !(tempo >= SLOWEST && tempo <= FASTEST)) continue;
    bpm = tempo;
    rest = without(rest, match);
    break;
  }
  let key: string | null = null;
  for (const pattern of KEYS) {
    const match = pattern.exec(rest);
    key = readKey(match?.groups?.key ?? '');
    if (match === null || key === null) continue;
    rest = without(rest, match);
    break;
  }
  return { feel: tidy(rest), bpm, key };
}

const numberOf = (text: string | undefined): number => Number((text ?? '').replace(',', '.') || Number.NaN);

const without = (text: string, { index, 0: found }: RegExpExecArray): string =>
  `${text.slice(0, index)} , ${text.slice(index + found.length)}`;

/** Removes the prepositions and the punctuation around the words that were removed. */
const tidy = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/\b(?:in|at|and|with)(?: the)?(?: key(?: of)?)?\s*(?=,|$)/gi, '')
    .replace(/(?:\s*[,;]\s*)+/g, ', ')
    .replace(/^[\s,;.]+|[\s,;.]+$/g, '');
