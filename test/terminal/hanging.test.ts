import { describe, expect, it } from 'vitest';
import { hanging } from '../../src/terminal/hanging.js';

describe('hanging', () => {
  it('breaks between words and indents to where the text began', () =>
    expect(hanging('  12  ', 'one two three four five six', 27)).toBe(
      '  12  one two three four\n      five six',
    ));
  it('leaves the last column free', () => {
    expect(hanging('', 'a'.repeat(20).concat(' b'), 23)).toBe(`${'a'.repeat(20)} b`);
    expect(hanging('', 'a'.repeat(20).concat(' b'), 22)).toBe(`${'a'.repeat(20)}\nb`);
  });
  it('keeps a word that is longer than a line whole', () =>
    expect(hanging('> ', `id ${'x'.repeat(40)} end`, 30)).toBe(`> id\n  ${'x'.repeat(40)}\n  end`));
  it('writes one line where nothing is known of the width, or no room is left', () => {
    expect(hanging('> ', 'one two three four five six seven', undefined)).toBe(
      '> one two three four five six seven',
    );
    expect(hanging('x'.repeat(70), ' one two', 80)).toBe(`${'x'.repeat(70)} one two`);
  });
});
