/** A SELECT without the semicolon at its end, or why it cannot be read like a table. */
export type CheckedSelect = { select: string } | { wrong: string };

/** Strings, quoted names, PostgreSQL's dollar quotes and comments: words in them are not SQL. */
const OPAQUE =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g;
const WRITES: readonly [RegExp, string][] = [
  [/\b(?:AS|MATERIALIZED)\s*\(\s*(?:INSERT|UPDATE|DELETE|MERGE)\b/i, 'changes rows'],
  [/\bINTO\b/i, 'makes a table (INTO)'],
  [/\bFOR\s+(?:NO\s+KEY\s+)?(?:UPDATE|SHARE)\b|\bFOR\s+KEY\s+SHARE\b/i, 'locks rows (FOR UPDATE)'],
];

/**
 * Checks that a text is one SELECT that only reads and has no parameters, as far as possible without a database. The
 * database is also told to only read. `wrong`: why not, and the cure.
 */
export function checkSelect(text: string): CheckedSelect {
  const blanks = (found: string): string => ' '.repeat(found.length);
  const sql = text.replace(OPAQUE, (found) =>
    /^(?:--|\/\*)/.test(found) ? blanks(found) : `'${blanks(found.slice(2))}'`,
  );
  const end = sql.replace(/[\s;]+$/, '').length;
  const bare = sql.slice(0, end);
  if (!/^\s*(?:SELECT|WITH)\b/i.test(bare))
    return { wrong: 'must begin with SELECT or WITH: a source is read-only' };
  if (bare.includes(';')) return { wrong: 'has more after a semicolon: write one statement' };
  if (/\$\d/.test(bare)) return { wrong: 'has a parameter: write the value itself' };
  const writes = WRITES.find(([pattern]) => pattern.test(bare));
  if (writes !== undefined) return { wrong: `${writes[1]}: a source is read-only` };
  return { select: text.slice(0, end).trim() };
}
