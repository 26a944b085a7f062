/** Names that a row, or its catalog file, has for itself. */
const TAKEN = new Set(['textid', 'unreadable', 'its id']);
const LONGEST = 60;

/** Names of columns as SQLite and a template take them: each once, letter case aside, without what a template would read. */
export class ColumnNames {
  readonly names: string[] = [];
  readonly repeated = new Set<string>();
  private readonly taken = new Set(TAKEN);

  /** Adds a column; a name that is there already gets a number. @returns its place */
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
