/** A phrase of an expression of terms.ts. */
export interface Phrase {
  /** As it is written, with its quotes. */
  expression: string;
  text: string;
  /** Its last word may go on. */
  isBeginning: boolean;
}

/** The phrases of an expression: in quotes, joined by OR, some with a star after them. */
export const phrasesOf = (expression: string): Phrase[] =>
  [...expression.matchAll(/"((?:[^"]|"")*)"( \*)?/g)].map(([whole, text = '', star]) => ({
    expression: whole,
    text: text.replaceAll('""', '"'),
    isBeginning: star !== undefined,
  }));
