/**
 * `file:` URLs of paths as bytes. They are the only exact text for a path that is not UTF-8, and players and file
 * managers open them.
 */

/** Returns the URL of an absolute path. */
export const fileUrlOf = (path: Uint8Array): string =>
  `file://${Array.from(path, (byte) => (AS_IS.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : escaped(byte))).join('')}`;

const AS_IS = /[\w.~/-]/;
const escaped = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

/** Returns the path of a `file:` URL of this machine; null: the text is none. */
export function pathOfFileUrl(text: string): Buffer | null {
  if (!/^file:\/\//i.test(text) || !URL.canParse(text)) return null;
  const { host, pathname } = new URL(text);
  // A slash within a name, and NUL, are in no path.
  if (host !== '' || /%(?:2f|00)/i.test(pathname)) return null;
  const bytes = pathname.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1');
}
