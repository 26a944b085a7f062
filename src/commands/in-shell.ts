/** Returns a path as a shell reads it: quoted if it has special characters. */
export const inShell = (path: string): string =>
  /^[\p{L}\p{N}_./~+-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
