import { readFileSync } from 'node:fs';

/** Returns this package's version, as its package.json says. */
export const ownVersion = (): string => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String(version);
};
