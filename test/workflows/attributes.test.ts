import { describe, expect, it } from 'vitest';
import { isNews, type Shown } from '../../src/workflows/attributes.js';
import { addFailures } from '../../src/workflows/failures.js';
import { batchSummary, pageSummary } from '../../src/workflows/summaries.js';

const shown: Shown = { state: 'running', percent: 40, someFailed: false, model: 'm' };

describe('what lists are told', () => {
  it.each<[string, Partial<Shown>, boolean]>([
    ['nothing new', {}, false],
    ['little progress', { percent: 44.9 }, false],
    ['progress', { percent: 45 }, true],
    ['more samples found than expected', { percent: 30 }, true],
    ['another state', { state: 'blocked' }, true],
    ['a first failure', { someFailed: true }, true],
  ])('%s', (_name, change, news) => {
    expect(isNews(shown, { ...shown, ...change })).toBe(news);
  });

  it('a run of any size tells its progress some twenty times', () => {
    let last: Shown | null = null;
    let times = 0;
    for (let done = 0; done <= 1_000_000; done += 100) {
      const now: Shown = { ...shown, percent: done / 10_000 };
      if (!isNews(last, now)) continue;
      last = now;
      times += 1;
    }
    expect(times).toBe(21);
  });
});

describe('summaries', () => {
  it.each([
    [{ ids: '101-200', count: 100 }, 'samples 101–200'],
    [{ ids: '3,7-9,977', count: 5 }, '5 samples, 3–977'],
    [{ ids: '7', count: 1 }, 'sample 7'],
    [{ ids: '-7--5,1', count: 4 }, '4 samples, -7–1'],
    [{ ids: '-7--5', count: 3 }, 'samples -7–-5'],
  ])('%j is %s', (batch, summary) => {
    expect(batchSummary(batch)).toBe(summary);
  });

  it('of pages', () => {
    expect([pageSummary(null), pageSummary(12_000)]).toEqual([
      'plan the first page',
      'plan page after id 12000',
    ]);
  });
});

describe('failures by reason', () => {
  it('add up, with the last ids and the last message', () => {
    const first = addFailures([], [{ reason: 'Rejected', count: 4, ids: [1, 2, 3, 4], message: 'a' }]);
    const both = addFailures(first, [
      { reason: 'Rejected', count: 2, ids: [8, 9], message: 'b' },
      { reason: 'Deleted', count: 1, ids: [7], message: 'gone' },
    ]);
    expect(both).toEqual([
      { reason: 'Rejected', count: 6, ids: [2, 3, 4, 8, 9], message: 'b' },
      { reason: 'Deleted', count: 1, ids: [7], message: 'gone' },
    ]);
    expect(addFailures(both, undefined)).toBe(both);
  });
});
