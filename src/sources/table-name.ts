/** Returns a table's name in the form of `source.table`: quoted if it contains a dot or a quote. */
export const quotedName = (name: string): string =>
  /[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;

/** Returns a name without its quotes, if it has any. */
export const bareName = (name: string): string =>
  /^".+"$/s.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name;
