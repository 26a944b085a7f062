import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { testTitles } from './test-titles.js';

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

/** Read once a file. */
const titlesOf = new Map<string, Set<string>>();

function holds(file: string, title: string): boolean {
  let titles = titlesOf.get(file);
  if (titles === undefined) {
    titles = existsSync(root + file) ? testTitles(readFileSync(root + file, 'utf8')) : new Set();
    titlesOf.set(file, titles);
  }
  return titles.has(title);
}

describe('docs/faults.md', () => {
  it('has its rows', () => {
    expect(rows.length).toBeGreaterThan(60);
    for (const { fault, where, tests } of rows)
      expect(tests.length > 0 || where.startsWith('not tested: '), `${fault}: ${where}`).toBe(true);
  });

  it('names a test that exists in every row', () => {
    const missing = rows.flatMap(({ tests }) => tests.filter(({ file, title }) => !holds(file, title)));
    expect(missing).toEqual([]);
  });

  it.each([
    ["it('stores all', () => {})", true],
    ['it.each([[1]])("stores all", () => {})', true],
    ["it.each([['stores all']])('%s', () => {})", true],
    ["it('stores all of it', () => {})", false],
    ["// it('stores all', () => {})", false],
    ["/* it('stores all', () => {}) */", false],
    ["it.skip('stores all', () => {})", false],
    ["describe.skip('a store', () => { it('stores all', () => {}) })", false],
    ["it.todo('stores all')", false],
    ["log('stores all')", false],
  ])('takes a title from tests that run alone: %s: %s', (source, there) => {
    expect(testTitles(source).has('stores all')).toBe(there);
  });
});
