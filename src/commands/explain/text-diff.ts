import { styleText } from 'node:util';
import { diffLines } from 'diff';

/**
 * Returns the lines that differ: `- ` as stored, `+ ` as it is today, in colour on a terminal. Empty: no difference.
 */
export function textDiff(stored: string, today: string, colours: boolean): string[] {
  if (stored === today) return [];
  return diffLines(`${stored}\n`, `${today}\n`).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => {
        const shown = `${added ? '+' : removed ? '-' : ' '} ${line}`;
        if (!colours || !(added || removed)) return shown;
        return styleText(added ? 'green' : 'red', shown);
      }),
  );
}
