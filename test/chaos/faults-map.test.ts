import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const map = readFileSync(`${root}docs/faults.md`, 'utf8');

/** `file` · `title` pairs of the third column; a row without one says "not tested" and why. */
const rows = map
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Fault'))
  .map((line) => {
    const [fault = '', , where = ''] = line
      .slice(1, -1)
      .split(/ ?\| ?/)
      .map((cell) => cell.trim());
    const tests = [...where.matchAll(/`(test\/[^`]+)` · ``? ?(.+?) ?`?`(?=;|$)/g)].map(
      ([, file = '', title = '']) => ({ file, title }),
    );
    return { fault, where, tests };
  });

/** The title stands in the file as one whole string: of a test, or of a row of `each`. */
function holds(source: string, title: string): boolean {
  return ["'", '"', '`'].some((quote) => {
    const written = title.replaceAll(quote, `\\${quote}`);
    return source.includes(`${quote}${written}${quote}`);
  });
}

describe('docs/faults.md', () => {
  it('has its rows', () => {
    expect(rows.length).toBeGreaterThan(60);
    for (const { fault, where, tests } of rows)
      expect(tests.length > 0 || where.startsWith('not tested: '), `${fault}: ${where}`).toBe(true);
  });

  it('names a test that exists in every row', () => {
    const missing = rows.flatMap(({ tests }) =>
      tests.filter(
        ({ file, title }) => !existsSync(root + file) || !holds(readFileSync(root + file, 'utf8'), title),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('would miss a title that is not there', () => {
    expect(holds("it('stores all', () => {})", 'stores all')).toBe(true);
    expect(holds("it('stores all', () => {})", 'stores')).toBe(false);
  });
});
