/** A path as a shell takes it: in quotes where it has more than letters. */
export const inShell = (path: string): string =>
  /^[\p{L}\p{N}_./~+-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
