import { expect, test } from 'vitest';
import { createWritePace, extraTimeoutMs } from '../../src/engines/libsql/write-pace.js';

test('begins with about one batch, and then holds what takes ten seconds, four megabytes at most', () => {
  const pace = createWritePace();
  expect(pace.mostBytes()).toBe(1_000_000);
  // 1 Mbit/s.
  pace.committed(500_000, 4000);
  expect(pace.mostBytes()).toBe(1_250_000);
  for (let at = 0; at < 10; at++) pace.committed(4_000_000, 50);
  expect(pace.mostBytes()).toBe(4_000_000);
});

test('a far store gets as much as keeps it busy for eight round trips, twelve megabytes at most', () => {
  const pace = createWritePace();
  pace.committed(2000, 40);
  for (let at = 0; at < 20; at++) pace.committed(4_000_000, 250);
  expect(pace.mostBytes()).toBeCloseTo(8 * 40 * 16_000, -3);
  // One that waited for others says nothing of the way.
  pace.committed(2000, 900);
  expect(pace.mostBytes()).toBeCloseTo(8 * 44 * 16_000, -3);
  for (let at = 0; at < 20; at++) pace.committed(2000, 200);
  expect(pace.mostBytes()).toBe(12_000_000);
});

test('what was given up is halved, again and again', () => {
  const pace = createWritePace();
  pace.gaveUp(4_000_000, 30_000);
  const once = pace.mostBytes();
  expect(once).toBeLessThan(1_000_000);
  pace.gaveUp(once, 30_000);
  expect(pace.mostBytes()).toBeLessThanOrEqual(once / 2);
});

test('says when nothing small should wait: where the bytes take more than a second', () => {
  const pace = createWritePace();
  expect(pace.isSlow(1_000_000)).toBe(false);
  pace.committed(500_000, 4000);
  expect([pace.isSlow(100_000), pace.isSlow(200_000)]).toEqual([false, true]);
});

test('small writes say nothing of bytes', () => {
  const pace = createWritePace();
  pace.committed(2000, 1000);
  pace.gaveUp(2000, 30_000);
  expect(pace.mostBytes()).toBe(1_000_000);
});

test('a call may take longer for what it carries: four megabytes at 128 kbit/s', () => {
  expect(extraTimeoutMs(4_000_000)).toBe(250_000);
  expect(extraTimeoutMs(0)).toBe(0);
});
