import { expect, test } from 'vitest';
import { LIBRARY_FIELDS, libraryText } from '../../src/collections/library-text.js';
import { renderSourceText } from '../../src/collections/source-text.js';

const row = {
  id: 1,
  title: 'Dusty Keys',
  genre: 'Lo-Fi',
  bpm: 92.5,
  musical_key: 'A minor',
  mood_primary: 'mellow',
  mood_secondary: 'nostalgic',
  energy_level: 0.125,
  texture_tags: '["warm"]',
  characteristics: '{"raw_analysis":"A soft loop."}',
  tags: '["keys"]',
};

test('the built-in text is the one that stored rows were made of', () => {
  expect(libraryText.render(row)).toEqual(renderSourceText(row));
});

test.each(LIBRARY_FIELDS)('the built-in text reads %s', (field) => {
  expect(libraryText.render({ ...row, [field]: null }).text).not.toBe(libraryText.render(row).text);
});

test('the built-in text reads nothing else', () => {
  const { id, ...columns } = row;
  expect([...libraryText.fields].sort()).toEqual(Object.keys(columns).sort());
});
