/** Notations other than JSON in which libraries write a list into a column. */

/** The keys that may hold the name of an item that is an object. */
const NAMES = ['name', 'label', 'tag', 'title', 'value'];

/** Returns an item as text; null when it is not text and has no name. */
export function itemOf(item: unknown): string | null {
  if (typeof item === 'string' || typeof item === 'number') return String(item);
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return null;
  for (const key of NAMES) {
    const name = Object.hasOwn(item, key) ? (item as Record<string, unknown>)[key] : undefined;
    if (typeof name === 'string') return name;
  }
  return null;
}

/** Returns the set flags: `{"dark": true, "loud": false}` gives `dark`, `{}` nothing. Null for other objects. */
export function flagged(value: object): string[] | null {
  const entries = Object.entries(value);
  if (!entries.every(([, flag]) => typeof flag === 'boolean')) return null;
  return entries.filter(([, flag]) => flag === true).map(([name]) => name);
}

const QUOTED = /^(['"])((?:\\.|(?!\1)[^\\])*)\1$/s;
/** An item up to the next comma that is not within quotes. */
const ITEM = /\s*((?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^,'"])*)\s*(?:,|$)/y;

/**
 * Returns the items of a text that is not JSON: a Python list (`['dark', 'lofi']`), a PostgreSQL array (`{dark,lofi}`),
 * hash tags, or words between semicolons, bars, line breaks or commas; one word is a list of one. Null: it begins like
 * a list or an array, but is not one.
 */
export function writtenList(text: string): string[] | null {
  const trimmed = text.trim();
  const [, inner] =
    /^\[(.*)\]$/s.exec(trimmed) ?? /^\((.*)\)$/s.exec(trimmed) ?? /^\{(.*)\}$/s.exec(trimmed) ?? [];
  if (inner !== undefined) return bracketed(inner);
  if (/^[[{(]/.test(trimmed)) return null;
  if (/^#\S+(?:[\s,;]+#\S+)*$/.test(trimmed))
    return trimmed.split(/[\s,;]+/).map((tag) => tag.replace(/^#/, ''));
  const separator = [';', '|', '\n', ','].find((each) => trimmed.includes(each));
  return separator === undefined ? [trimmed] : words(trimmed.split(separator));
}

const words = (items: readonly string[]): string[] =>
  items.map((item) => item.trim()).filter((item) => item !== '');

function bracketed(inner: string): string[] | null {
  const items: string[] = [];
  ITEM.lastIndex = 0;
  while (ITEM.lastIndex < inner.length) {
    const item = ITEM.exec(inner)?.[1]?.trim();
    if (item === undefined) return null;
    // A key with its value, or a nested list: not a list of words.
    if (/^[[{(]|^(?:'[^']*'|"[^"]*"|\w+)\s*:/.test(item)) return null;
    if (item !== '' && !/^(?:None|NULL)$/.test(item))
      items.push(QUOTED.exec(item)?.[2]?.replace(/\\(.)/g, '$1') ?? item);
  }
  return items;
}
