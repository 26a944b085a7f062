import { expect, it } from 'vitest';
import { inWordsOf } from '../../src/search/in-words-of.js';

it.each([
  [
    'The SQLite catalog at /c.db is not there any more: put it back, then go on with embeddings resume',
    'The SQLite catalog at /c.db is not there any more: put it back, then ask again',
  ],
  [
    'It has changed. Bring it back, or go on without it: embeddings resume',
    'It has changed. Bring it back, then ask again',
  ],
  ['the disk is full: make room, then embeddings resume', 'the disk is full: make room, then ask again'],
])('a cure that is of a run is one of a search: %s', (sentence, said) => {
  expect(inWordsOf('search', sentence)).toBe(said);
});

it('options of the command line are named as the caller names them', () => {
  expect(inWordsOf('search', 'search with: --mode text')).toBe('search with mode=text');
  expect(inWordsOf('assistant', 'use --mode text, or --where bpm=80')).toBe(
    'use mode "text" of search_samples, or where=bpm=80',
  );
  expect(inWordsOf('search', '--where: nope is no filter of samples')).toBe(
    'where: nope is no filter of samples',
  );
  expect(inWordsOf('search', `--where "" names no field`)).toBe('where="" names no field');
  expect(inWordsOf('search', `in quotes: --where 'bpm="95-80"'`)).toBe('in quotes: where=bpm="95-80"');
  expect(inWordsOf('assistant', 'buys nothing: embeddings kit "90 bpm"')).toBe(
    'buys nothing: make_kit with the brief "90 bpm"',
  );
});
