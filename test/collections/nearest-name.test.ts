import { expect, test } from 'vitest';
import { nearestName } from '../../src/collections/nearest-name.js';

test.each<[string, readonly string[], string | null]>([
  ['tabel', ['url', 'table', 'select'], 'table'],
  ['titel', ['tile', 'title'], 'title'],
  ['BPM', ['bmp', 'bpm'], 'bpm'],
  ['pak', ['pack', 'key'], 'pack'],
  ['kez', ['key', 'kex'], 'key'],
  ['dimension', ['document', 'dimensions'], 'dimensions'],
  ['colour', ['bpm', 'pack'], null],
  ['a', ['b'], 'b'],
  ['ab', ['cd'], null],
  ['', ['title'], null],
  ['title', [], null],
])('%s among %j is %s', (word, names, expected) => {
  expect(nearestName(word, names)).toBe(expected);
});
