import ignore from 'ignore';

/**
 * Patterns, as in a .gitignore, of what is left out by default: hidden files (including macOS's `._*`), remains of
 * archives and network disks, and recycle bins. A pattern in the settings may include one again: `!.hidden-samples`.
 */
export const DEFAULT_IGNORE: readonly string[] = [
  '.*',
  '__MACOSX/',
  '@eaDir/',
  '#recycle/',
  '#snapshot/',
  '$RECYCLE.BIN/',
  'System Volume Information/',
  'lost+found/',
];

/** Returns whether a file or folder is left out, by its path below the root. */
export type Ignores = (path: string, isFolder: boolean) => boolean;

/** Creates the check; `patterns` come after the defaults. `inFolder` is called per folder, to keep memory small. */
export function createIgnores(patterns: readonly string[]): { inFolder(): Ignores } {
  const all = ignore().add([...DEFAULT_IGNORE, ...patterns.map((pattern) => pattern.normalize('NFC'))]);
  return {
    inFolder() {
      // `ignore` caches every path that it has checked. The rules are shared.
      const fresh = ignore().add(all);
      return (path, isFolder) => fresh.ignores(isFolder ? `${path}/` : path);
    },
  };
}
