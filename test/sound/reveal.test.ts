import { expect, it } from 'vitest';
import { revealProgram } from '../../src/sound/reveal.js';

const ODD = "/music/a, b/'$(rm -rf x)' #1 ü.wav";

it('macOS marks the file in Finder', () => {
  expect(revealProgram(ODD, 'darwin', false)).toEqual(['open', '-R', ODD]);
});

it('Linux asks its file manager, by a URL in which no comma ends the list', () => {
  const [program, ...args] = revealProgram(ODD, 'linux', false) ?? [''];
  expect(program).toBe('dbus-send');
  const text = args.find((each) => each.startsWith('array:string:')) ?? '';
  const url = text.slice('array:string:'.length);
  expect(url).not.toContain(',');
  expect(decodeURIComponent(new URL(url).pathname)).toBe(ODD);
});

it('WSL has no program of its own that says whether it worked', () => {
  expect(revealProgram(ODD, 'linux', true)).toBeNull();
});
