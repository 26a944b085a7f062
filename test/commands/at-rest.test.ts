import { describe, expect, it } from 'vitest';
import { createRestCheck } from '../../src/commands/at-rest.js';
import type { RunProgress } from '../../src/contract/progress.js';

const progress = (change: Partial<RunProgress>) =>
  ({ state: 'paused', inFlight: 0, ...change }) as RunProgress;

describe('createRestCheck', () => {
  it('holds until the record in the store says that the run waits', () => {
    const check = createRestCheck(() => 0);
    expect(check(progress({ inFlight: 2 }))).toBe(false);
    expect(check(progress({}))).toBe(false);
    expect(check(progress({ booked: true }))).toBe(true);
  });

  it('never holds for a run that does not wait for a person', () => {
    expect(createRestCheck(() => 0)(progress({ state: 'running', booked: true }))).toBe(false);
    expect(createRestCheck(() => 0)(progress({ state: 'blocked', booked: true }))).toBe(true);
  });

  it('waits 3 s for a store that does not answer, from the last moment a batch was under way', () => {
    let now = 0;
    const check = createRestCheck(() => now);
    expect(check(progress({}))).toBe(false);
    now = 2000;
    expect(check(progress({ inFlight: 1 }))).toBe(false);
    now = 4000;
    expect(check(progress({}))).toBe(false);
    now = 7001;
    expect(check(progress({}))).toBe(true);
  });
});
