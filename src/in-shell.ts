/** Quotes any text as one word of a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Returns a path as a shell reads it: quoted if it has special characters. */
export const inShell = (path: string): string => (/^[\p{L}\p{N}_./~+-]+$/u.test(path) ? path : quoted(path));
