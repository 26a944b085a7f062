import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgress, type ProgressLine } from '../../src/terminal/progress.js';

const line = (done: number, more: Partial<ProgressLine> = {}): ProgressLine => ({
  done,
  total: 2437,
  costNanos: 16_700_000,
  state: 'running',
  ...more,
});

function screen({ isTTY }: { isTTY: boolean }) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 120 });
  const clock = { ms: 1_000_000 };
  const progress = createProgress({
    stream: stream as unknown as NodeJS.WriteStream,
    isTTY,
    columns: 120,
    now: () => clock.ms,
  });
  return { progress, stream, clock, written: (): string => (stream.read() as string | null) ?? '' };
}

describe('without a terminal', () => {
  it('writes plain lines, at most one every two seconds', () => {
    const { progress, clock, written } = screen({ isTTY: false });
    progress.update(line(100));
    progress.update(line(200));
    clock.ms += 1999;
    progress.update(line(300));
    expect(written()).toBe('Processed 100/2,437 (4.1%) ($0.0167)\n');
    clock.ms += 1;
    progress.update(line(523));
    expect(written()).toBe('Processed 523/2,437 (21.5%) ($0.0167)\n');
  });

  it('always writes the last line, once', () => {
    const { progress, written } = screen({ isTTY: false });
    progress.update(line(100));
    progress.update(line(2437, { state: 'completed' }));
    progress.stop();
    progress.stop();
    expect(written()).toBe(
      'Processed 100/2,437 (4.1%) ($0.0167)\nProcessed 2,437/2,437 (100.0%) ($0.0167)\n',
    );
  });

  it('does not repeat a line that says the same', () => {
    const { progress, clock, written } = screen({ isTTY: false });
    progress.update(line(100));
    clock.ms += 10_000;
    progress.update(line(100));
    progress.stop();
    expect(written()).toBe('Processed 100/2,437 (4.1%) ($0.0167)\n');
  });

  it('says why it is not running, without control codes', () => {
    const { progress, written } = screen({ isTTY: false });
    progress.update(line(523, { state: 'blocked', detail: '\u001b[31mno credit\u001b[0m\nleft' }));
    expect(written()).toBe('Processed 523/2,437 (21.5%) ($0.0167) blocked: no credit left\n');
  });

  it('writes a note as a line of its own', () => {
    const { progress, written } = screen({ isTTY: false });
    progress.update(line(100));
    progress.note('no\u001b[31m worker');
    expect(written()).toBe('Processed 100/2,437 (4.1%) ($0.0167)\nno worker\n');
  });

  it('writes nothing when nothing was told', () => {
    const { progress, written } = screen({ isTTY: false });
    progress.stop();
    expect(written()).toBe('');
  });
});

describe('on a terminal', () => {
  it('shows words, share and time left beside a bar', () => {
    const { progress, clock, written } = screen({ isTTY: true });
    progress.update(line(0));
    clock.ms += 100_000;
    progress.update(line(523));
    progress.stop();
    const shown = written();
    expect(shown).toContain('Processed 523/2,437 (21.5%) ($0.0167)');
    expect(shown).toMatch(/━{8}╸─{31} {2}21% 0:06:06/);
  });

  it('counts the time left from what this watch saw done', () => {
    const { progress, clock, written } = screen({ isTTY: true });
    progress.update(line(2000));
    clock.ms += 10_000;
    progress.update(line(2337));
    progress.stop();
    expect(written()).toMatch(/0:00:03/);
  });

  it('does not count a pause as slowness, but counts throttling', () => {
    const { progress, clock, written } = screen({ isTTY: true });
    progress.update(line(0));
    clock.ms += 50_000;
    progress.update(line(1000, { state: 'paused' }));
    clock.ms += 3_600_000;
    progress.update(line(1000, { state: 'throttled' }));
    clock.ms += 50_000;
    progress.update(line(2000));
    progress.stop();
    expect(written()).toMatch(/82% 0:00:22/);
  });

  it('follows the width of a window that is resized', async () => {
    const { progress, stream, written } = screen({ isTTY: true });
    progress.update(line(0));
    written();
    stream.columns = 64;
    progress.update(line(1));
    progress.stop();
    expect(written()).toMatch(/Processed 1\/2,437 \(0\.0%\) \(\$0\.0167\) ─{13} {3}0% 0:/);
  });

  it('has no time left to tell when it is not running', () => {
    const { progress, written } = screen({ isTTY: true });
    progress.update(line(523, { state: 'paused', detail: 'budget reached' }));
    progress.stop();
    const shown = written();
    expect(shown).toContain('paused: budget reached');
    expect(shown).not.toMatch(/-:--:--/);
  });

  it('keeps a note above the bar', () => {
    const { progress, written } = screen({ isTTY: true });
    progress.update(line(523));
    progress.note('no worker is up');
    progress.update(line(600));
    progress.stop();
    const shown = written();
    expect(shown).toContain('\r\u001b[Kno worker is up\n');
    expect(shown).toMatch(/523\/2,437.*no worker.*600\/2,437/s);
  });

  it('takes a selection that is empty, and an end before any line', () => {
    const { progress, written } = screen({ isTTY: true });
    progress.update(line(0, { total: 0, costNanos: 0 }));
    progress.stop();
    expect(written()).toContain('Processed 0/0 (0.0%) ($0.0000)');
    expect(() => screen({ isTTY: true }).progress.stop()).not.toThrow();
  });
});
