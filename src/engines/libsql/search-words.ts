/**
 * Words that FTS5's `unicode61` does not find by itself. It treats a run of letters as one word, so a word of a script
 * without spaces is never found alone. It folds case and accents of Latin letters and of few others.
 */

/** A word: letters, digits and the marks on them. */
const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
/** Scripts that put no space between words, and Korean, which puts none before its particles. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]+/u;
const PIECES = new RegExp(`(${UNSPACED.source})`, 'u');
const ASCII = /^[\0-\x7f]*$/;
const ASCII_WORD = /[A-Za-z0-9]+/g;
/** A joint in an ASCII word; most words have none. */
const JOINT = /[a-z][A-Z0-9]|[A-Z][0-9]|[0-9][a-zA-Z]/;
/** `DarkPad`, `Kick808`, `120bpm`. */
const JOINTS = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u;

/** Normalizes spelling: removes compatibility forms, case (ß becomes ss) and accents of alphabets. */
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

/** A part of a word in one kind of script. */
export interface Piece {
  /** As written, except for compatibility forms. */
  text: string;
  unspaced: boolean;
}

/** Returns the words of a text, split where a script without spaces begins or ends: `808重低音` has two pieces. */
export const wordsOf = (text: string): Piece[][] => (text.normalize('NFKC').match(WORD) ?? []).map(piecesOf);

function piecesOf(word: string): Piece[] {
  if (ASCII.test(word)) return [{ text: word, unspaced: false }];
  return word
    .split(PIECES)
    .map((text, at) => ({ text, unspaced: at % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

/** Splits `DarkPad` into `Dark` and `Pad`; returns a word without joints as it is. */
export const jointsOf = (word: string): string[] =>
  ASCII.test(word) && !JOINT.test(word) ? [word] : word.split(JOINTS);

/**
 * Splits a run of a script without spaces into overlapping pairs and its last letter, so that any part of it matches as
 * a phrase, and a single letter as the beginning of a word. Marks are left out: unicode61 would split there.
 */
export function pairsOf(run: string): string[] {
  const letters = [...fold(run).replace(/\p{M}/gu, '')];
  return letters.map((letter, at) => letter + (letters[at + 1] ?? ''));
}

/** Returns the words that unicode61 finds by itself; it removes the accents of Latin letters. */
const seenByItself = (text: string): Set<string> =>
  new Set(
    text
      .toLowerCase()
      .normalize('NFD')
      .replace(/(\p{sc=Latin})[\u0300-\u036f]+/gu, '$1')
      .normalize('NFC')
      .match(WORD) ?? [],
  );

/** Does the same for an ASCII text, as most are: none of its words is split by script, accent or mark. */
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

/** Returns the words by which a text must be found besides those written in it, as one text; '' if there are none. */
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
    // unicode61 finds this word as written.
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
