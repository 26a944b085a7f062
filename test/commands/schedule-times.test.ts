import { describe, expect, it } from 'vitest';
import { readCron, readInterval, readTimes, readTimezone } from '../../src/commands/schedule/times.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

describe('--every', () => {
  it.each([
    ['30m', 30 * MINUTE],
    ['6h', 360 * MINUTE],
    [' 1d ', DAY],
    ['2 w', 14 * DAY],
    ['1m', MINUTE],
    ['365d', 365 * DAY],
  ])('%s', (text, ms) => expect(readInterval(text)).toBe(ms));

  it.each(['', 'daily', '5x', '1.5h', '-1d', '1d2h', '30', 'd', '1D', '9999999m'])('"%s" is none', (text) =>
    expect(() => readInterval(text)).toThrow(`--every: "${text}" is no interval; write an interval like 30m`),
  );

  it.each(['0m', '366d', '53w'])('%s is out of range', (text) =>
    expect(() => readInterval(text)).toThrow(`--every must be from 1m to 365d, got "${text}"`),
  );
});

describe('--cron', () => {
  it.each([
    ['0 3 * * *', 'UTC', DAY],
    ['*/15 * * * *', 'UTC', 15 * MINUTE],
    ['0 8,9 * * mon-fri', 'Europe/Berlin', 60 * MINUTE],
    ['0 4 * * SUN', 'UTC', 7 * DAY],
    ['0 4 1 * *', 'UTC', 28 * DAY],
    ['0 0 1 jan *', 'UTC', 365 * DAY],
  ])('%s in %s: the shortest gap', (text, zone, gap) => expect(readCron(text, zone)).toBe(gap));

  it('a night that loses an hour to summer time is shorter', () => {
    expect(readCron('0 3 * * *', 'Europe/Berlin')).toBe(DAY - 60 * MINUTE);
  });

  it.each<[string, RegExp]>([
    ['', /has 1 fields/],
    ['0 3 * *', /has 4 fields/],
    ['0 0 3 * * *', /has 6 fields/],
    ['@daily', /has 1 fields/],
    ['61 * * * *', /cannot be read/],
    ['0 25 * * *', /cannot be read/],
    ['0 3 * * xyz', /cannot be read/],
    ['0 3 L * *', /cannot be read at "L"/],
    ['0 3 * * 1#2', /cannot be read at "1#2"/],
    ['*/0 * * * *', /cannot be read/],
    ['0 3 1 * 1', /both a day of the month and a weekday/],
    ['0 3 30 2 *', /never comes/],
  ])('"%s" is refused, with the right form', (text, why) => {
    expect(() => readCron(text, 'UTC')).toThrow(why);
    expect(() => readCron(text, 'UTC')).toThrow('like "0 3 * * *" for every night at three');
  });
});

describe('--timezone', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['UTC', 'UTC'],
  ])('%s', (text, name) => expect(readTimezone(text)).toBe(name));

  it.each(['Mars/Olympus', '+02:00', '', 'Berlin'])('"%s" is none', (text) =>
    expect(() => readTimezone(text)).toThrow(`--timezone: "${text}" is no time zone`),
  );
});

it('asks for exactly one of --every and --cron', () => {
  expect(() => readTimes({})).toThrow('say when: --every 1d, or --cron "0 3 * * *"');
  expect(() => readTimes({ every: '1d', cron: '0 3 * * *' })).toThrow('exclude each other');
  expect(() => readTimes({ every: '1d', timezone: 'UTC' })).toThrow('--timezone goes with --cron');
});
