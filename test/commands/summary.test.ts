import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Console } from '../../src/commands/console.js';
import { exitCodeOf, showSummary } from '../../src/commands/generate/summary.js';
import { loadSettings, type Settings } from '../../src/config.js';
import { type RunProgress, type RunState, type Totals, zeroTotals } from '../../src/contract/progress.js';
import { openStore } from '../../src/engines/libsql/index.js';
import { runRequest } from '../support/run-request.js';

let dir: string;
let settings: Settings;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'summary-'));
  settings = loadSettings({ TURSO_DATABASE_URL: `file:${join(dir, 'store.db')}` }, dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const progressOf = (totals: Partial<Totals>, more: Partial<RunProgress> = {}): RunProgress => ({
  runId: 'run-1',
  workflowId: 'embed-samples',
  state: 'completed',
  reason: null,
  totals: { ...zeroTotals(), ...totals },
  request: runRequest(),
  model: 'openai/text-embedding-3-small',
  expected: 0,
  planned: true,
  inFlight: 0,
  window: 8,
  pacePerMinute: null,
  uncertainNanos: 0,
  startedAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:05:00.000Z',
  ...more,
});

async function said(progress: RunProgress, page: string | null = null, json = false): Promise<string> {
  const lines: string[] = [];
  const console = { json, say: (line: string) => void lines.push(line) } as unknown as Console;
  await showSummary(console, settings, progress, page);
  return lines.join('\n');
}

async function failIn(ids: readonly number[]): Promise<void> {
  const store = await openStore({ url: settings.storeUrl as string });
  await store.migrate();
  await store.commit({
    runId: 'run-1',
    batchId: 'b1',
    model: 'm',
    runStartedAt: '2026-01-01T00:00:00.000Z',
    fence: 0,
    vectors: [],
    copies: [],
    failures: ids.map((sampleId) => ({
      sampleId,
      reason: 'Rejected',
      message: 'no',
      contentHash: null,
      permanent: true,
      attempts: 1,
    })),
    settlements: [],
    notedDelta: 0,
  });
  await store.close();
}

const done = {
  selected: 2437,
  stored: 2400,
  unchanged: 35,
  failed: 2,
  requests: 25,
  tokens: 3_950_000,
  costNanos: 79_000_000,
};

describe('exitCodeOf', () => {
  it.each<[RunState, number, number]>([
    ['completed', 0, 0],
    ['completed', 2, 1],
    ['paused', 0, 3],
    ['blocked', 2, 3],
    ['cancelled', 0, 3],
    ['failed', 0, 3],
    ['running', 0, 3],
  ])('%s with %d failed is %d', (state, failed, code) => {
    expect(exitCodeOf(progressOf({ failed }, { state }))).toBe(code);
  });
});

describe('showSummary', () => {
  it("has the old script's table, with what it never said, and the failed samples", async () => {
    await failIn([523, 1045]);
    expect(await said(progressOf(done), 'http://ui')).toBe(`
 Embedding Generation Summary
┏━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━┓
┃ Metric          ┃ Value     ┃
┡━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━┩
│ Total Samples   │ 2,437     │
│ Successful      │ 2,435     │
│   Embedded      │ 2,400     │
│   Unchanged     │ 35        │
│ Failed          │ 2         │
│ Success Rate    │ 99.9%     │
│ Requests        │ 25        │
│ Tokens          │ 3,950,000 │
│ Total Cost      │ $0.0790   │
│ Avg Cost/Sample │ $0.000033 │
└─────────────────┴───────────┘
Fields left out as not usable: none.
Failed samples: 2
Sample IDs: 523, 1045
Why: embeddings failures · Try them again: embeddings generate --failed`);
  });

  it('names twenty failed samples at most', async () => {
    await failIn(Array.from({ length: 25 }, (_, index) => index + 1));
    const shown = await said(progressOf({ ...done, failed: 25 }));
    const first = Array.from({ length: 20 }, (_, index) => index + 1).join(', ');
    expect(shown).toContain(`Sample IDs: ${first}, …\n`);
  });

  it('still stands when the store cannot be read', async () => {
    expect(await said(progressOf(done))).toContain('Failed samples: 2\n');
  });

  it('has no share and no average of nothing', async () => {
    const shown = await said(progressOf({}));
    expect(shown).toMatch(/Success Rate +│ – /);
    expect(shown).toMatch(/Avg Cost\/Sample +│ – /);
    expect(shown).toMatch(/Total Cost +│ \$0\.0000 /);
    expect(shown).not.toContain('Failed samples');
  });

  it('tells identical texts and fields left out, when there are any', async () => {
    const shown = await said(progressOf({ ...done, failed: 0, copied: 12, noted: 3 }));
    expect(shown).toMatch(/ {2}Identical text +│ 12 /);
    expect(shown).toContain('Fields left out as not usable: in 3 samples (embeddings --dry-run says which');
  });

  it('names one command that goes on, the one of the reason where that has it', async () => {
    const reason = 'the store (commit): the disk is full: make room, then embeddings resume';
    const shown = await said(progressOf({ selected: 5 }, { state: 'blocked', reason }));
    expect(shown.match(/embeddings (?:--)?resume/g)).toEqual(['embeddings resume']);
    expect(shown).toContain('embeddings cancel');
  });

  it('says why work remains and how to go on', async () => {
    const blocked = progressOf({ selected: 5 }, { state: 'blocked', reason: 'no \u001b[31mcredit' });
    const shown = await said(blocked, 'http://ui');
    expect(shown).toContain('The run is blocked: no credit\n');
    expect(shown).toContain('go on with: embeddings resume');
    expect(shown).toContain('Web UI: http://ui');
    expect(await said(progressOf({}, { state: 'cancelled' }))).toMatch(/The run is cancelled$/);
  });

  it('is silent where the answer is JSON', async () => {
    expect(await said(progressOf(done), 'http://ui', true)).toBe('');
  });
});
