import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RunProgress, zeroTotals } from '../../src/contract/progress.js';
import { renderDetails, type Surroundings } from '../../src/workflows/details.js';
import { bar, clock, count, percentOf, quoted, span, usd } from '../../src/workflows/markdown.js';
import { request } from '../support/time-skipping.js';

const NOW = Date.parse('2026-11-23T13:45:10Z');
const around = (change: Partial<Surroundings> = {}): Surroundings => ({
  now: NOW,
  perSecond: 50,
  closedUntil: 0,
  failures: [],
  ...change,
});
const progress = (change: Partial<RunProgress> = {}): RunProgress => ({
  runId: 'r',
  workflowId: 'embed-samples',
  state: 'running',
  reason: null,
  totals: {
    ...zeroTotals(),
    selected: 2437,
    stored: 900,
    unchanged: 100,
    failed: 4,
    copied: 12,
    requests: 10,
  },
  request: request(),
  model: 'openai/text-embedding-3-small',
  expected: 2437,
  planned: true,
  inFlight: 14,
  window: 24,
  pacePerMinute: null,
  uncertainNanos: 0,
  startedAt: '2026-11-23T13:40:10.000Z',
  updatedAt: '2026-11-23T13:45:10.000Z',
  ...change,
});

describe('the details of a run', () => {
  it('tell progress, time left, money, throughput, window and gate', () => {
    const text = renderDetails(progress(), around());
    expect(text).toContain('**running** · about 29 s left, done at 13:45:38 UTC');
    expect(text).toContain('`████████░░░░░░░░░░░░` **41.1%** · 1,004 of 2,437 samples');
    expect(text).toContain(
      '- **Samples** 900 stored (12 copied from equal texts) · 100 unchanged · 4 failed',
    );
    expect(text).toContain('- **Throughput** 50 samples/s over the last minute');
    expect(text).toContain('- **Window** 14 batches under way, at most 24');
    expect(text).toContain('- **Gate** open');
    expect(text).toContain('- **Run** ` all samples ` · begun 13:40:10 UTC');
  });

  it('say until when a closed gate stays closed', () => {
    const state = { state: 'throttled', reason: 'the provider asked to wait (429): 30 s more' } as const;
    const text = renderDetails(progress(state), around({ closedUntil: NOW + 30_000 }));
    expect(text).toContain('until 13:45:40 UTC; the run goes on by itself');
    expect(text).toContain('- **Gate** closed until 13:45:40 UTC');
  });

  it('say how to go on when blocked, and nothing of a window when over', () => {
    expect(renderDetails(progress({ state: 'blocked', reason: 'no credit' }), around())).toMatch(
      /^\*\*blocked\*\*: ` no credit `\n\nCure the cause, then: `embeddings resume`/,
    );
    const over = renderDetails(progress({ state: 'completed' }), around());
    expect(over).toContain('- **Took** 5 min');
    expect(over).not.toMatch(/Window|Gate|Throughput/);
  });

  it('name failures by reason with some ids', () => {
    const failures = [
      { reason: 'Rejected', count: 7, ids: [3, 4, 5, 6, 7], message: 'too *long*' },
      { reason: 'Deleted', count: 1, ids: [9], message: 'gone' },
    ];
    const text = renderDetails(progress(), around({ failures }));
    expect(text).toContain('- **7** ` Rejected ` (last samples 3, 4, 5, 6, 7): ` too *long* `');
    expect(text).toContain('- **1** ` Deleted ` (sample 9): ` gone `');
  });

  it('stay short enough for the address in which the Web UI hands them on, whatever is said', () => {
    const failures = ['a', 'b', 'c', 'd', 'e', 'f'].map((reason) => ({
      reason,
      count: 1e6,
      ids: [1, 2, 3, 4, 5].map((id) => id * 1e15),
      message: 'x'.repeat(1e5),
    }));
    expect(renderDetails(progress({ reason: 'y'.repeat(1e5) }), around({ failures })).length).toBeLessThan(
      4000,
    );
  });
});

describe('money in the details', () => {
  it('stands in code spans, so that no two dollar signs make mathematics of what is between them', () => {
    const text = renderDetails(
      progress({
        totals: { ...progress().totals, costNanos: 15_800_000 },
        request: { ...progress().request, maxCostNanos: 500_000_000 },
        uncertainNanos: 20_000,
      }),
      around(),
    );
    expect(text).toContain(
      '- **Cost** `$0.0158` of at most `$0.5000` · perhaps `$0.00002` more (answers lost or not believed)',
    );
    const bare = text.replace(/(`+)[^`]*\1/g, '');
    expect(bare).not.toContain('$');
  });

  it('is unknown, not nothing, where nobody tells what was paid', () => {
    const of = (costNanos: number) =>
      renderDetails(progress({ totals: { ...progress().totals, costNanos, unpriced: 2 } }), around());
    expect(of(0)).toContain('- **Cost** unknown');
    expect(of(20)).toContain('- **Cost** `$0.00000002` plus an unknown cost');
  });
});

describe('text from outside', () => {
  it.each([
    ['https://evil.example', '` https://evil.example `'],
    ['a `tick` and ```three```', '```` a `tick` and ```three``` ````'],
    ['two\n\n# lines\r\n| x |', '` two # lines | x | `'],
    ['\u202egnp\u200b\u0007', '` gnp `'],
    ['', '–'],
    ['\n', '–'],
  ])('%j becomes %j', (text, expected) => {
    expect(quoted(text)).toBe(expected);
  });

  it('stays one code span that nothing in it can end', () => {
    const wild = fc.string({
      unit: fc.constantFrom('`', '\n', '\\', '<', '[', ']', '(', '*', ' ', 'x', '\ud800'),
    });
    fc.assert(
      fc.property(wild, (text) => {
        const span = quoted(text);
        if (span === '–') return;
        const fence = /^`+/.exec(span)?.[0] ?? '';
        const inside = span.slice(fence.length, -fence.length);
        expect(span.endsWith(` ${fence}`)).toBe(true);
        expect(span).not.toContain('\n');
        for (const run of inside.match(/`+/g) ?? []) expect(run.length).toBeLessThan(fence.length);
      }),
    );
  });
});

describe('figures', () => {
  it('a bar that has begun is not empty, one that is not done is not full', () => {
    expect(bar(0, 1000)).toBe(`\`${'░'.repeat(20)}\``);
    expect(bar(1, 1000)).toBe(`\`█${'░'.repeat(19)}\``);
    expect(bar(999, 1000)).toBe(`\`${'█'.repeat(19)}░\``);
    expect(bar(1000, 1000)).toBe(`\`${'█'.repeat(20)}\``);
    expect(bar(0, 0)).toBe(`\`${'░'.repeat(20)}\``);
  });

  it('read as people write them', () => {
    expect([percentOf(2436, 2437), percentOf(1, 3), percentOf(0, 0)]).toEqual([99.9, 33.3, 0]);
    expect([count(7), count(2437), count(1_000_000)]).toEqual(['7', '2,437', '1,000,000']);
    expect([usd(15_800_000), usd(20), usd(0)]).toEqual(['$0.0158', '$0.00000002', '$0.0000']);
    expect([span(1), span(250_000), span(120_000), span(7_500_000), span(7_200_000)]).toEqual([
      '1 s',
      '4 min 10 s',
      '2 min',
      '2 h 5 min',
      '2 h',
    ]);
    expect(clock(NOW + 86_400_000, NOW)).toBe('2026-11-24 13:45:10 UTC');
  });
});
