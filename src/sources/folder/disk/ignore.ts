import ignore from 'ignore';

/**
 * What is never looked at, in the words of a .gitignore: hidden files (and with them macOS's `._*`), what archives and
 * network disks leave behind, and bins. A pattern of the settings may take one back: `!.hidden-samples`.
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

/** Whether a file or a folder, by its path below the root, is left out. */
export type Ignores = (path: string, isFolder: boolean) => boolean;

/** `patterns` come after the defaults. Asked for one folder after the other, it forgets the folders before. */
export function createIgnores(patterns: readonly string[]): { inFolder(): Ignores } {
  const all = ignore().add([...DEFAULT_IGNORE, ...patterns.map((pattern) => pattern.normalize('NFC'))]);
  return {
    inFolder() {
      // `ignore` remembers every path it was asked for; the rules are shared.
      const fresh = ignore().add(all);
      return (path, isFolder) => fresh.ignores(isFolder ? `${path}/` : path);
    },
  };
}
