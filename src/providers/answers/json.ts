/** Parses the JSON of an answer and skips the byte order mark that some servers send. Throws a SyntaxError. */
export const parseJsonText = (text: string): unknown =>
  JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);

/** Parses a UTF-8 body in the same way. */
export const parseJsonBody = (body: Buffer): unknown => parseJsonText(body.toString('utf8'));

/** Parses the JSON of a text; null if it is not JSON. */
export function jsonOrNull(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch {
    return null;
  }
}

/** Returns an object unchanged, and an empty object for any other value. */
export const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
