import { expect, it } from 'vitest';
import { revealPrograms } from '../../src/sound/reveal.js';

const ODD = "/music/a, b/'$(rm -rf x)' #1 ü.wav";

it('macOS marks the file in Finder', () => {
  expect(revealPrograms(ODD, 'darwin', false)).toEqual([['open', '-R', ODD]]);
});

it('Linux asks its file manager, by a URL in which no comma ends the list', () => {
  const [[program, ...args] = ['']] = revealPrograms(ODD, 'linux', false);
  expect(program).toBe('dbus-send');
  const text = args.find((each) => each.startsWith('array:string:')) ?? '';
  const url = text.slice('array:string:'.length);
  expect(url).not.toContain(',');
  expect(decodeURIComponent(new URL(url).pathname)).toBe(ODD);
});

it('WSL has no program of its own that says whether it worked', () => {
  expect(revealPrograms(ODD, 'linux', true)).toEqual([]);
});
