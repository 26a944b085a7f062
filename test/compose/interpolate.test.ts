// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Compose's, not ours
import { describe, expect, it } from 'vitest';
import { interpolate } from '../support/compose.js';

const VARIABLES = { SET: 'value', EMPTY: '', OTHER: 'other' };

describe('Compose’s interpolation', () => {
  it.each([
    ['$SET/${SET}', 'value/value'],
    ['${NONE}-$NONE', '-'],
    ['${NONE:-x} ${EMPTY:-x} ${SET:-x}', 'x x value'],
    ['${NONE-x} ${EMPTY-x} ${SET-x}', 'x  value'],
    ['${NONE:+x} ${EMPTY:+x} ${SET:+x}', '  x'],
    ['${NONE+x} ${EMPTY+x} ${SET+x}', ' x x'],
    ['${NONE:-${EMPTY:-${OTHER}}}/y', 'other/y'],
    ['${NONE:-http://libsql:8080?tls=0}', 'http://libsql:8080?tls=0'],
    ['${SET:?is needed}${EMPTY?is needed}', 'value'],
    ['"$$(cat $$1)" 5$ $', '"$(cat $1)" 5$ $'],
  ])('makes %s to %s', (text, result) => {
    expect(interpolate(text, VARIABLES)).toBe(result);
  });

  it.each([
    ['${NONE:?is needed}', 'NONE is required: is needed'],
    ['${EMPTY:?is needed}', 'EMPTY is required'],
    ['${SET/a/b}', 'Compose knows no ${SET/a/b}'],
    ['${SET', 'not closed'],
  ])('refuses %s', (text, sentence) => {
    expect(() => interpolate(text, VARIABLES)).toThrow(sentence);
  });
});
