/** Names that rows or the catalog file reserve. */
const TAKEN = new Set(['textid', 'unreadable', 'its id']);
const LONGEST = 60;

/** Column names for SQLite and templates: unique, ignoring letter case, without the special characters of templates. */
export class ColumnNames {
  readonly names: string[] = [];
  readonly repeated = new Set<string>();
  private readonly taken = new Set(TAKEN);

  /** Adds a column. A repeated name gets a number. @returns the column's index */
  add(written: string): number {
    const plain = written
      .replace(/[\p{Cc}"\\{}|]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    const name = [...plain].slice(0, LONGEST).join('').trim() || `column ${this.names.length + 1}`;
    let unique = name;
    for (let n = 2; this.taken.has(unique.toLowerCase()); n++) unique = `${name} ${n}`;
    if (unique !== name && !TAKEN.has(name.toLowerCase())) this.repeated.add(name);
    this.taken.add(unique.toLowerCase());
    return this.names.push(unique) - 1;
  }
}
