import { expect, it } from 'vitest';
import { SilentColumns } from '../../src/imports/silent-values.js';
import type { Value } from '../../src/imports/types.js';

const kindOf = (...values: Value[]) => {
  const columns = new SilentColumns();
  for (const value of values) columns.add([value]);
  return columns.kindOf(0);
};

it.each<[string, Value[]]>([
  ['dates and times', ['2024-01-10', '2024-1-9'.replace('-1-', '-01-'), null]],
  ['dates and times', ['2024-01-03T00:00:00Z', '2024-01-03 10:20:30.123456+02:00', 'never']],
  ['dates and times', ['01/02/2024', '3.4.24', '1.2.2024 10:20 PM']],
  ['dates and times', ['Jan 2, 2024', '2 Jan 2024', '2. März 2024', 'Tue, 02 Jan 2024 10:00:00 GMT']],
  ['dates and times', ['3:12', '1:02:03.5']],
  ['dates and times', [1_700_000_000, 1_700_000_000_123]],
  ['addresses', ['http://x', 'https://example.org/a?b=c', 'spotify://track/1', 'www.example.org']],
  ['addresses', ['{"a":"https://x.org/1","b":["https://x.org/2"]}', '{}']],
  ['paths', ['/Users/ada/a b', 'C:\\Music\\a', '~/x', './y']],
  ['paths', ['Kicks/kick 01.wav', 'cover.jpg']],
  ['identifiers', ['9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d', '-']],
  ['identifiers', ['d41d8cd98f00b204e9800998ecf8427e', 'sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709']],
  ['rates', [44100, '48000 Hz', '96000']],
  ['rates', ['44.1 kHz', '48kHz']],
  ['rates', ['320 kbps']],
  ['sizes', ['12 KB', '3.4 MB', '1,024 bytes']],
  ['formats', ['WAV File', 'MP3', 'aiff']],
  ['data for programs', ['[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8]']],
  ['data for programs', ['iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4']],
])('a column of %s: %j', (kind, values) => {
  expect(kindOf(...values)).toBe(kind);
});

it.each<[Value[]]>([
  [['2024-01-10', 'dusty']],
  [['Drums/Kicks', 'Bass']],
  [[2345.67, 1234.5]],
  [['120', '90-95', '4/4']],
  [['8A', 'F#m']],
  [['true', 'false']],
  [['8-bit', '90s']],
  [['440 Hz']],
  [['["dark","lofi"]', '[]']],
  [[null, '-', 'n/a']],
])('a column that may say how a sample sounds: %j', (values) => {
  expect(kindOf(...values)).toBeNull();
});
