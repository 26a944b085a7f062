import { describe, expect, test } from 'vitest';
import { oneLine } from '../../src/providers/errors/sentence.js';

const KEY = 'or-live-0123456789abcdefABCDEF';

describe('a key in what a provider says', () => {
  test.each<[string, string, string]>([
    ['whole', `key ${KEY} is bad`, 'key *** is bad'],
    ['twice', `${KEY} ${KEY}`, '*** ***'],
    ['with characters without width', `key ${[...KEY].join('\u200b')} is bad`, 'key *** is bad'],
    [
      'with soft hyphens and a joiner',
      `key ${KEY.slice(0, 9)}\u00ad\u2060${KEY.slice(9)} is bad`,
      'key *** is bad',
    ],
    [
      'with control characters',
      `key ${KEY.slice(0, 12)}\u0000\u001b${KEY.slice(12)} is bad`,
      'key *** is bad',
    ],
    ['over two lines', `key ${KEY.slice(0, 15)}\n  ${KEY.slice(15)} is bad`, 'key *** is bad'],
    ['in quotes, put together', `key "${KEY.slice(0, 16)}" + "${KEY.slice(16)}" is bad`, 'key "***" is bad'],
    ['its beginning', `key ${KEY.slice(0, 14)}… is bad`, 'key ***… is bad'],
    ['its end', `key …${KEY.slice(-8)} is bad`, 'key …*** is bad'],
  ])('%s is hidden', (_how, said, shown) => {
    expect(oneLine(said, KEY)).toBe(shown);
  });

  test.each(['sample 012345 is bad', 'or-live is no model', 'abcdef'])('is not seen in: %s', (said) => {
    expect(oneLine(said, KEY)).toBe(said);
  });

  test('a short one is hidden as a whole alone', () => {
    expect(oneLine('the key test is a testing key', 'test')).toBe('the key *** is a ***ing key');
    expect(oneLine('te st', 'test')).toBe('te st');
  });

  test('of the usual form is hidden whosever it is', () => {
    expect(oneLine('sk-or-v1-0123…cdef', null)).toBe('sk-***');
  });
});

test('foreign text is one line without direction characters, cut at 300', () => {
  expect(oneLine('a\u202e\u001b[31m\r\nb', null)).toBe('a [31m b');
  expect(oneLine('x'.repeat(1000), KEY)).toHaveLength(300);
  expect(oneLine(`${'x'.repeat(299)}😀`, null).isWellFormed()).toBe(true);
});
