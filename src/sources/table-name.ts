/** A table's name as `source.table` writes it: in quotes where a dot or a quote would be taken for another thing. */
export const quotedName = (name: string): string =>
  /[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;

/** The name itself, of one that may be in quotes. */
export const bareName = (name: string): string =>
  /^".+"$/s.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name;
