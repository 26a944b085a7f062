/** A text that SQLite compares as a number. Blanks around the number are allowed. */
const SQLITE = /^[ \t\n\v\f\r]*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[ \t\n\v\f\r]*$/i;
/** Limits the digits to what PostgreSQL's numeric accepts: more would be an error. */
export const POSTGRES_NUMBER =
  '^\\s*[+-]?([0-9]{1,200}([.][0-9]{0,200})?|[.][0-9]{1,200})([eE][+-]?[0-9]{1,3})?\\s*$';
const POSTGRES = new RegExp(POSTGRES_NUMBER);

/** Returns the number that a range filter reads from a text, or NaN. */
export const asNumber = (text: string, dialect: 'sqlite' | 'postgres'): number =>
  (dialect === 'sqlite' ? SQLITE : POSTGRES).test(text) ? Number(text) : Number.NaN;
