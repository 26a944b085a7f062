/** The JSON of an answer, also after a byte order mark, which some servers put before it. Throws a SyntaxError. */
export const parseJsonText = (text: string): unknown =>
  JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);

/** The same; null for what is no JSON. */
export function jsonOrNull(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch {
    return null;
  }
}

/** The fields of an object; none of anything else. */
export const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
