import { readFileSync } from 'node:fs';

/** This package's own version, as its package.json says. */
export const ownVersion = (): string => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String(version);
};
