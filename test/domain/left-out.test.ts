import { expect, test } from 'vitest';
import { leftOutOfFirst, leftOutSentence, tallyLeftOut } from '../../src/domain/left-out.js';

test('samples are counted once, each of their notes apart, the most frequent first', () => {
  const tally = tallyLeftOut();
  expect(leftOutSentence(tally)).toBe('none');
  tally.add([]);
  tally.add(['bpm: not a number', 'tags: not a list']);
  expect(leftOutSentence(tally)).toBe(
    'in 1 sample (bpm: not a number in 1, tags: not a list in 1): embeddings explain ID shows them',
  );
  tally.add(['tags: not a list']);
  for (const note of ['a', 'b']) tally.add([note]);
  expect(leftOutSentence(tally)).toBe(
    'in 4 samples (tags: not a list in 2, a in 1, b in 1, …): embeddings explain ID shows them',
  );
});

test('of a catalog only the first samples are tried, and rows that cannot be read are none', async () => {
  const rows = [{ id: 1 }, { id: 2, unreadable: 'broken' }, { id: 3 }];
  const catalog = { readPage: async ({ limit }: { limit: number }) => rows.slice(0, limit) };
  const form = { render: ({ id }: { id: number }) => ({ text: '', notes: [`note of ${id}`] }) };
  expect([...(await leftOutOfFirst(catalog, form, 2)).notes.keys()]).toEqual(['note of 1']);
  expect((await leftOutOfFirst(catalog, form, 3)).samples).toBe(2);
});
