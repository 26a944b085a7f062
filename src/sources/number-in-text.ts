/** A text that SQLite compares with numbers: all of it is a number, blanks around it left out. */
const SQLITE = /^[ \t\n\v\f\r]*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[ \t\n\v\f\r]*$/i;
/** Short enough for any numeric of PostgreSQL: a longer one would be an error. */
export const POSTGRES_NUMBER =
  '^\\s*[+-]?([0-9]{1,200}([.][0-9]{0,200})?|[.][0-9]{1,200})([eE][+-]?[0-9]{1,3})?\\s*$';
const POSTGRES = new RegExp(POSTGRES_NUMBER);

/** The number that a filter's range takes a text for; NaN: it is none. */
export const asNumber = (text: string, dialect: 'sqlite' | 'postgres'): number =>
  (dialect === 'sqlite' ? SQLITE : POSTGRES).test(text) ? Number(text) : Number.NaN;
