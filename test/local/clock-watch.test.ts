import { expect, it } from 'vitest';
import { watchClock } from '../../src/local/temporal/clock-watch.js';

const HOUR = 3_600_000;

it.each([
  ['set back by an hour', -HOUR, [HOUR]],
  ['set back by six seconds', -6000, [6000]],
  ['corrected by a second', -1000, []],
  ['set forwards, or the machine slept', HOUR, []],
  ['as it should be', 0, []],
])('a clock that is %s', (_, by, told) => {
  let wall = 1_700_000_000_000;
  let steady = 500;
  const heard: number[] = [];
  const watch = watchClock((ms) => void heard.push(ms), { wall: () => wall, steady: () => steady });
  for (const second of [1, 2, 3, 4]) {
    wall += 1000 + (second === 2 ? by : 0);
    steady += 1000;
    watch.look();
  }
  watch.stop();
  // Once: it is measured from there on.
  expect(heard).toEqual(told);
});

it('a clock that is slowed for hours tells nothing', () => {
  let wall = 0;
  let steady = 0;
  const heard: number[] = [];
  const watch = watchClock((ms) => void heard.push(ms), { wall: () => wall, steady: () => steady });
  for (let second = 0; second < 20_000; second++) {
    wall += 999.5;
    steady += 1000;
    watch.look();
  }
  watch.stop();
  expect(heard).toEqual([]);
});
