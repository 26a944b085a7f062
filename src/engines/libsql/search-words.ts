/**
 * Words that FTS5's `unicode61` does not find by itself. It takes a run of letters for one word, so a word of a script
 * without blanks is never found alone; it knows case and accents of Latin letters, and few others.
 */

/** A word: letters, digits and the marks on them. */
const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
/** Scripts that put no blank between words; Korean, which puts none before its particles. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]+/u;
const PIECES = new RegExp(`(${UNSPACED.source})`, 'u');
const ASCII = /^[\0-\x7f]*$/;
const ASCII_WORD = /[A-Za-z0-9]+/g;
/** Of an ASCII word; most words have none. */
const JOINT = /[a-z][A-Z0-9]|[A-Z][0-9]|[0-9][a-zA-Z]/;
/** `DarkPad`, `Kick808`, `120bpm`. */
const JOINTS = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u;

/** One spelling for all: compatibility forms, case (ß is ss) and accents of alphabets are gone. */
export const fold = (text: string): string =>
  ASCII.test(text)
    ? text.toLowerCase()
    : text
        .normalize('NFKC')
        .toUpperCase()
        .toLowerCase()
        .normalize('NFD')
        .replace(/[\u0300-\u036f]+/g, '')
        .normalize('NFC')
        .replaceAll('ς', 'σ');

/** A piece of a word, of one kind of script. */
export interface Piece {
  /** As it was written, but for compatibility forms. */
  text: string;
  unspaced: boolean;
}

/** The words of a text, cut where a script without blanks begins or ends: `808重低音` is two. */
export const wordsOf = (text: string): Piece[][] => (text.normalize('NFKC').match(WORD) ?? []).map(piecesOf);

function piecesOf(word: string): Piece[] {
  if (ASCII.test(word)) return [{ text: word, unspaced: false }];
  return word
    .split(PIECES)
    .map((text, at) => ({ text, unspaced: at % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

/** `DarkPad` as `Dark`, `Pad`; a word without joints as itself. */
export const jointsOf = (word: string): string[] =>
  ASCII.test(word) && !JOINT.test(word) ? [word] : word.split(JOINTS);

/**
 * A run of a script without blanks as overlapping pairs and its last letter, so that any part of it is a phrase, and a
 * single letter the beginning of a word. Marks are left out: unicode61 would cut there.
 */
export function pairsOf(run: string): string[] {
  const letters = [...fold(run).replace(/\p{M}/gu, '')];
  return letters.map((letter, at) => letter + (letters[at + 1] ?? ''));
}

/** Accents of Latin letters are unicode61's own business. */
const seenByItself = (text: string): Set<string> =>
  new Set(
    text
      .toLowerCase()
      .normalize('NFD')
      .replace(/(\p{sc=Latin})[\u0300-\u036f]+/gu, '$1')
      .normalize('NFC')
      .match(WORD) ?? [],
  );

/** The same of an ASCII text, as most are: none of its words is cut by script, accent or mark. */
function partsOfWords(text: string): string {
  const words = text.match(ASCII_WORD) ?? [];
  const seen = new Set(words.map((word) => word.toLowerCase()));
  const found = new Set<string>();
  for (const word of words) {
    if (!JOINT.test(word)) continue;
    for (const part of word.split(JOINTS)) if (part.length > 1) found.add(part.toLowerCase());
  }
  return [...found].filter((part) => !seen.has(part)).join(' ');
}

/** What must be found of a text besides its words as they stand, as a text of its own; '' where that is nothing. */
export function hiddenWords(text: string): string {
  if (ASCII.test(text)) return JOINT.test(text) ? partsOfWords(text) : '';
  const found = new Set<string>();
  let seen: Set<string> | undefined;
  const add = (word: string): void => {
    if (word === '') return;
    seen ??= seenByItself(text);
    if (!seen.has(word)) found.add(word);
  };
  const composed = text.normalize('NFKC');
  for (const word of composed.match(WORD) ?? []) {
    // Found by itself, as it stands in the text so.
    if (composed === text && ASCII.test(word) && !JOINT.test(word)) continue;
    for (const piece of piecesOf(word)) {
      if (piece.unspaced) {
        found.add(pairsOf(piece.text).join(' '));
        continue;
      }
      add(fold(piece.text));
      const parts = jointsOf(piece.text);
      if (parts.length > 1) for (const part of parts) if (part.length > 1) add(fold(part));
    }
  }
  found.delete('');
  return [...found].join(' ');
}
