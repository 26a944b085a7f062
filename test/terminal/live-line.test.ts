import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LiveLine, liveLine } from '../../src/terminal/live-line.js';

const guide: LiveLine = {
  words: 'Processed 523/2,437 (21.5%) ($0.0167)',
  done: 523,
  total: 2437,
  etaMs: 272_000,
  moving: true,
};
const draw = (more: Partial<LiveLine> = {}, columns = 120): string =>
  liveLine({ ...guide, ...more }, columns, 160);

describe('liveLine', () => {
  it.each<[string, Partial<LiveLine>, number, string]>([
    [
      'has a bar of 40 cells at most',
      {},
      120,
      '⠹ Processed 523/2,437 (21.5%) ($0.0167) ━━━━━━━━╸───────────────────────────────  21% 0:04:32',
    ],
    ['shrinks its bar first', {}, 62, '⠹ Processed 523/2,437 (21.5%) ($0.0167) ━╸──────  21% 0:04:32'],
    ['then leaves it out', {}, 61, '⠹ Processed 523/2,437 (21.5%) ($0.0167)'],
    ['then cuts its words', {}, 21, '⠹ Processed 523/2,43'],
    [
      'has no time left before it has a pace',
      { etaMs: null },
      62,
      '⠹ Processed 523/2,437 (21.5%) ($0.0167) ━╸──────  21% -:--:--',
    ],
    [
      'stands still with the run',
      { moving: false },
      54,
      '  Processed 523/2,437 (21.5%) ($0.0167) ━╸──────  21%',
    ],
    [
      'takes an empty selection',
      { words: 'w', done: 0, total: 0, etaMs: null },
      26,
      '⠹ w ────────   0% -:--:--',
    ],
    ['takes more than all', { words: 'w', done: 3, total: 2 }, 26, '⠹ w ━━━━━━━━ 150% 0:04:32'],
  ])('%s', (_name, more, columns, expected) => expect(draw(more, columns)).toBe(expected));

  it('never fills the last column, and its bar is full exactly when all is done', () => {
    const wide = fc.integer({ min: 2, max: 300 });
    fc.assert(
      fc.property(wide, fc.nat(5000), fc.nat(5000), (columns, total, raw) => {
        const done = total === 0 ? 0 : raw % (total + 1);
        const drawn = draw({ words: 'w', done, total }, columns);
        expect(drawn.length).toBeLessThan(columns);
        const cells = /[━╸─]+/.exec(drawn)?.[0];
        if (cells !== undefined) expect(/^━+$/.test(cells)).toBe(total > 0 && done === total);
      }),
    );
  });

  it('turns its spinner with time', () => {
    const frames = [0, 80, 160, 800].map((ms) => liveLine(guide, 80, ms)[0]);
    expect(frames).toEqual(['⠋', '⠙', '⠹', '⠋']);
  });
});
