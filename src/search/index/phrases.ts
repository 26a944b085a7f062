/** A phrase in an expression of terms.ts. */
export interface Phrase {
  /** As written, with its quotes. */
  expression: string;
  text: string;
  /** Whether its last word is a prefix. */
  isBeginning: boolean;
}

/** Returns the phrases of an expression: texts in quotes, some followed by a star. */
export const phrasesOf = (expression: string): Phrase[] =>
  [...expression.matchAll(/"((?:[^"]|"")*)"( \*)?/g)].map(([whole, text = '', star]) => ({
    expression: whole,
    text: text.replaceAll('""', '"'),
    isBeginning: star !== undefined,
  }));
