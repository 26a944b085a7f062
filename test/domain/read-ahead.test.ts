import { describe, expect, it } from 'vitest';
import { createReadAhead } from '../../src/domain/read-ahead.js';
import type { Slice } from '../../src/domain/read-selection.js';

/** Slices that end at 10, 20 and 30, of a catalog that says what it was asked for. */
function catalog() {
  const asked: (number | null)[] = [];
  let broken = false;
  const read = async (after: number | null): Promise<Slice | null> => {
    asked.push(after);
    await Promise.resolve();
    if (broken) throw new Error('the connection was lost');
    return (after ?? 0) >= 30 ? null : { rows: [], upTo: (after ?? 0) + 10, gone: [] };
  };
  const breakDown = (is: boolean): void => {
    broken = is;
  };
  return { asked, read, breakDown };
}

describe('reading ahead', () => {
  it('reads the next slice while the last is looked at, each once', async () => {
    const { asked, read } = catalog();
    const next = createReadAhead()('run-1', read);
    expect(await next(null)).toMatchObject({ upTo: 10 });
    expect(asked).toEqual([null, 10]);
    expect(await next(10)).toMatchObject({ upTo: 20 });
    expect(await next(20)).toMatchObject({ upTo: 30 });
    expect(await next(30)).toBeNull();
    expect(asked).toEqual([null, 10, 20, 30]);
  });

  it('keeps what it has read for the next page of the same run', async () => {
    const { asked, read } = catalog();
    const readAhead = createReadAhead();
    await readAhead('run-1', read)(null);
    expect(await readAhead('run-1', read)(10)).toMatchObject({ upTo: 20 });
    expect(asked).toEqual([null, 10, 20]);
  });

  it.each([
    ['of another run', 'run-2', 10, 0],
    ['after another id', 'run-1', 20, 0],
    ['that waited too long', 'run-1', 10, 6000],
  ])('reads again what was kept and is %s', async (_, run, after, waits) => {
    const { asked, read } = catalog();
    let now = 0;
    const readAhead = createReadAhead(() => now);
    await readAhead('run-1', read)(null);
    now += waits;
    await readAhead(run, read)(after);
    expect(asked.slice(0, 3)).toEqual([null, 10, after]);
  });

  it('reads again what failed while nobody waited, and throws what fails then', async () => {
    const { read, breakDown } = catalog();
    const next = createReadAhead()('run-1', read);
    const first = next(null);
    await Promise.resolve();
    await first;
    breakDown(true);
    await next(10).catch(() => undefined);
    await expect(next(10)).rejects.toThrow('the connection was lost');
    breakDown(false);
    expect(await next(10)).toMatchObject({ upTo: 20 });
  });
});
