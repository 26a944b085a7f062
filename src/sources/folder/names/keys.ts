import type { Token } from './tokens.js';

/** How plainly a spelling is a key. A single letter may be a word or a part, "F#" hardly ever, "F#m" never. */
export type Plainness = 'letter' | 'accidental' | 'mode';

export interface KeySpelling {
  /** "C", "F#", "Bb", "Am", "F#m". */
  key: string;
  plainness: Plainness;
  /** Indexes of its first and last token. */
  from: number;
  to: number;
  /** Written as a word may be ("fm", "eb", "As"): a key only if the tempo or the folder's other names confirm it. */
  small: boolean;
}

const MODES: Readonly<Record<string, '' | 'm'>> = {
  m: 'm',
  mn: 'm',
  min: 'm',
  minor: 'm',
  moll: 'm',
  maj: '',
  major: '',
  dur: '',
};

const WHOLE =
  /^([A-Ga-g])(#|b|sh(?=m)|s(?=m)|S(?=m|M[Ii][Nn])|sharp|flat|Sharp|Flat|SHARP|FLAT)?(m|M|mn|Mn|min|Min|MIN|minor|Minor|MINOR|maj|Maj|MAJ|major|Major|MAJOR)?$/;

/** Roots that occur in names of samples only with a mode: "FbMin". */
const NO_NOTE = new Set(['E#', 'B#', 'Fb', 'Cb']);

function rootOf(letter: string, accidental: string | undefined): string {
  const lower = accidental?.toLowerCase();
  const sign = lower === undefined ? '' : lower === 'b' || lower === 'flat' ? 'b' : '#';
  return letter.toUpperCase() + sign;
}

/** What may separate a letter from its mode or its accidental: "F-sharp-min", "A_minor". */
const JOIN = /^[ _-]?$/;

/** Names of scales, which may stand before the mode: "C Melodic Minor". */
const SCALES = new Set(['harmonic', 'melodic', 'natural', 'pentatonic']);

const joins = ({ before }: Token): boolean => before !== '' && JOIN.test(before);

/**
 * Returns the key whose spelling begins at token `at`; null if there is none. Notes of a keyboard ("C#3", "A4") are
 * no keys: a number directly after the letter makes it a note.
 */
export function keyAt(tokens: readonly Token[], at: number): KeySpelling | null {
  const token = tokens[at];
  if (token === undefined || token.number !== null) return null;
  const text = isBehindWord(token) ? token.text.slice(3) : token.text;
  const code = text.charCodeAt(0) | 32;
  if (text.length > 10 || ((code < 97 || code > 103) && text.charAt(0) !== '#')) return null;
  if (isSynthesis(tokens, at, text)) return null;
  const match = WHOLE.exec(text) ?? sharpAsS(text) ?? sharpBefore(tokens, at);
  if (match === null) return null;
  const [, letter, sign, mode] = match as unknown as [string, string, string?, string?];
  let to = at;
  let accidental = sign;
  let spelledMode = mode;
  let next = tokens[to + 1];
  if (spelledMode === undefined) {
    if (accidental === undefined && next !== undefined && JOIN.test(next.before) && next.before !== '') {
      if (next.lower === 'sharp' || next.lower === 'flat') {
        accidental = next.lower;
        to += 1;
        next = tokens[to + 1];
      } else if (/^(?:sharp|flat)m(?:in|aj)?$/.test(next.lower)) {
        accidental = next.lower.startsWith('sharp') ? 'sharp' : 'flat';
        spelledMode = next.text.slice(accidental.length);
        to += 1;
        next = tokens[to + 1];
      }
    }
    // "C Melodic Minor", "F#_harmonic_minor".
    const named = tokens[to + 2];
    if (next !== undefined && named !== undefined && SCALES.has(next.lower) && joins(next) && joins(named)) {
      if (/^(?:minor|min|major|maj)$/.test(named.lower)) {
        spelledMode = named.text;
        to += 2;
        next = tokens[to + 1];
      }
    }
    // "Ds Min": without a mode, the s for a sharp may be a plural.
    if (
      spelledMode === undefined &&
      next !== undefined &&
      JOIN.test(next.before) &&
      isModeWord(next, accidental)
    ) {
      spelledMode = next.text;
      to += 1;
      next = tokens[to + 1];
    }
  }
  const root = rootOf(letter, accidental);
  if (NO_NOTE.has(root) && spelledMode === undefined) return null;
  const isSmall = letter === letter.toLowerCase();
  // "CM" and "C_M" are C major, "Cm" is C minor; the case of longer words has no meaning.
  const value =
    spelledMode === undefined ? undefined : spelledMode === 'M' ? '' : MODES[spelledMode.toLowerCase()];
  if (spelledMode !== undefined && value === undefined) return null;
  const touching = next !== undefined && next.number !== null && next.before === '';
  if (touching && !chordNumber(next as Token, spelledMode)) return null;
  // "Cm9", "Emaj7": the number belongs to the chord.
  if (touching && spelledMode !== undefined && ((next as Token).number ?? 0) < SLOWEST_BESIDE) to += 1;
  const small =
    (isSmall &&
      (spelledMode === undefined || spelledMode.length === 1) &&
      !PLAIN.has(sign?.toLowerCase() ?? '')) ||
    (sign === 'S' && spelledMode === undefined);
  return {
    key: root + (value ?? ''),
    plainness: value !== undefined ? 'mode' : accidental !== undefined ? 'accidental' : 'letter',
    from: at,
    to,
    small,
  };
}

/** "keyEm", "90bpmDmin": a key directly after the word "key" or "bpm". */
const isBehindWord = ({ text, lower, before }: Token): boolean =>
  text.length > 3 && (lower.startsWith('key') || (before === '' && /^bpm[A-G]/i.test(text)));

/** "Bass FM 140", "reese_fm_174": FM synthesis. "…_fm_bpm140" and "140_fm" are F minor. */
function isSynthesis(tokens: readonly Token[], at: number, text: string): boolean {
  if (text === 'FM') return true;
  const next = tokens[at + 1];
  return text === 'fm' && next !== undefined && !next.lower.startsWith('bpm');
}

/** Accidentals that cannot be part of a word. */
const PLAIN = new Set(['#', 'sharp', 'flat']);

/** "Ds", "Fs Min", "gs": the s is a sharp before a mode, and may be one beside a tempo. Elsewhere it is a plural. */
function sharpAsS(text: string): [string, string, string] | null {
  return /^[ACDFGacdfg]s$/.test(text) ? [text, text.charAt(0), 'S'] : null;
}

/** "growl_#D": the sharp stands before its note, at the end of the name. */
function sharpBefore(tokens: readonly Token[], at: number): [string, string, string] | null {
  const { text, before } = tokens[at] as Token;
  return at === tokens.length - 1 && before === '_' && /^#[ACDFG]$/.test(text)
    ? [text, text.charAt(1), '#']
    : null;
}

function isModeWord(token: Token, accidental: string | undefined): boolean {
  const { text, lower } = token;
  if (text === 'm' || text === 'M')
    return token.before === '_' || token.before === '-' || (text === 'm' && accidental !== undefined);
  return lower === 'min' || lower === 'maj' || lower === 'minor' || lower === 'major';
}

/** The smallest number that is a tempo if it touches a key. */
const SLOWEST_BESIDE = 40;

/**
 * Returns whether a spelling is a key although a number directly follows. "Cm9" and "Emaj7" are chords of their key,
 * "Am120" and "A#120" are a key and a tempo. "C4", "C#3" and "F#7" are notes or dominant chords, not keys.
 */
function chordNumber(number: Token, mode: string | undefined): boolean {
  if (number.number !== null && number.number >= SLOWEST_BESIDE) return true;
  return mode !== undefined;
}

/**
 * Returns whether token `at` is a key as in "Lead120A-01", "BassPad95F#-12": a word, a tempo and a key without
 * separators, then a hyphen and the file's number.
 */
export function isGluedToTempo(tokens: readonly Token[], at: number): boolean {
  const key = tokens[at];
  const tempo = tokens[at - 1];
  const word = tokens[at - 2];
  const counter = tokens[at + 1];
  return (
    word?.number === null &&
    tempo?.number != null &&
    tempo.before === '' &&
    key?.before === '' &&
    /^[A-G]#?$/.test(key.text) &&
    counter?.before === '-' &&
    /^\d\d$/.test(counter.text) &&
    at + 2 === tokens.length
  );
}

const SHARPS: Readonly<Record<string, string>> = {
  ...{ Db: 'C#', Eb: 'D#', Gb: 'F#', Ab: 'G#', Bb: 'A#' },
  ...{ Fb: 'E', Cb: 'B', 'E#': 'F', 'B#': 'C' },
};

/** Returns the same spelling for keys that sound the same, to compare them: "F#m" for "Gbm" and "F#m". */
export function soundingKey(key: string): string {
  const minor = key.endsWith('m');
  const root = minor ? key.slice(0, -1) : key;
  return (SHARPS[root] ?? root) + (minor ? 'm' : '');
}
