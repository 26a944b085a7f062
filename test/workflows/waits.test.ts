import { describe, expect, it } from 'vitest';
import type { BatchWaits } from '../../src/contract/activities.js';
import { addWaits, bottleneckOf } from '../../src/workflows/waits.js';

describe('what batches wait for', () => {
  it('is an average in which the newest counts for a tenth', () => {
    expect(addWaits(undefined, { store: 100, provider: 400 })).toEqual({ store: 100, provider: 400 });
    expect(addWaits({ store: 100, provider: 400 }, { store: 1100, provider: 400 })).toEqual({
      store: 200,
      provider: 400,
    });
  });

  it.each<[string, BatchWaits | undefined, boolean]>([
    ['nothing known', undefined, false],
    ['a store nearby', { store: 30, provider: 400 }, false],
    ['a store that is slow, and a provider that is as slow', { store: 3000, provider: 2500 }, false],
    ['a store that takes twice as long, which is nothing to speak of', { store: 900, provider: 100 }, false],
    ['a slow link', { store: 8200, provider: 400 }, true],
  ])('%s', (_, waits, said) => {
    expect(bottleneckOf(waits) !== null).toBe(said);
  });

  it('is said with its figures and what helps', () => {
    expect(bottleneckOf({ store: 8210, provider: 400 })).toBe(
      'the connection to the store is the bottleneck: a batch waits 8.2 s for it and 0.4 s for the provider; ' +
        'use a nearer store or a faster link',
    );
  });
});
