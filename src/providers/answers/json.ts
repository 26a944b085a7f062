/** The JSON of an answer, also after a byte order mark, which some servers put before it. Throws a SyntaxError. */
export const parseJsonText = (text: string): unknown =>
  JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);

/** The same of a body of UTF-8. */
export const parseJsonBody = (body: Buffer): unknown => parseJsonText(body.toString('utf8'));

/** The JSON of a text; null for what is none. */
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
