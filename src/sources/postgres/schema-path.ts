/**
 * Reads a PostgreSQL search path, `music, "My Schema", "$user"`, as the server does: a bare name is folded to lower
 * case, a quoted name is taken literally. Null when the text is not a list of names.
 */
export function parseSearchPath(text: string): string[] | null {
  const names: string[] = [];
  const item = /\s*(?:"((?:[^"]|"")+)"|([^\s",]+))\s*(?:,|$)/y;
  if (text.trim() === '') return [];
  while (item.lastIndex < text.length) {
    const match = item.exec(text);
    if (match === null) return null;
    names.push(match[1] === undefined ? (match[2] ?? '').toLowerCase() : match[1].replaceAll('""', '"'));
  }
  return names;
}

/**
 * Removes `search_path` from libpq's `options`: `-c search_path=a`, `-csearch_path=a` and `--search-path=a`. A
 * backslash escapes the next character. `rest` is the remaining text, which is sent unchanged.
 */
export function takeSearchPath(options: string): { searchPath: string | null; rest: string } {
  const words = options.match(/(?:\\.|[^\\\s])+/gs) ?? [];
  const rest: string[] = [];
  let searchPath: string | null = null;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    const separate = word === '-c' && at + 1 < words.length;
    const setting = separate ? (words[at + 1] as string) : word.replace(/^(?:-c|--)/, '');
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(setting) ?? [];
    const isSetting = separate || /^(?:-c|--)/.test(word);
    if (isSetting && name.replaceAll('-', '_').toLowerCase() === 'search_path')
      searchPath = value.replace(/\\(.)/gs, '$1');
    else rest.push(...words.slice(at, at + (separate ? 2 : 1)));
    if (separate) at++;
  }
  return { searchPath, rest: rest.join(' ') };
}
