import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FailureType } from '../../src/contract/failure.js';
import { tokensOf } from '../../src/domain/count-usage.js';
import { settledBy } from '../../src/domain/settlement.js';
import type { Attempt } from '../../src/engines/types.js';
import { readUsage } from '../../src/providers/answers/usage.js';
import { billedBy, PROOFS, proofOf } from '../../src/providers/answers/what-answers-prove.js';

const docs = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

/** The rows of the table under this head, as cells. */
function table(head: string): string[][] {
  const lines = docs.slice(docs.indexOf(head)).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

const FATE: Readonly<Record<string, FailureType>> = {
  'halved, until only the text at fault is left': FailureType.Rejected,
  'the run blocks': FailureType.Blocked,
  'waits for as long as it asks': FailureType.RateLimited,
  'tried again': FailureType.Transient,
};

describe('the table of answers in docs/operations.md', () => {
  const rows = table('| answer | billed |').flatMap(([answers = '', billed, fate = '']) =>
    [...answers.matchAll(/`([^`]+)`/g)].map(([, answer = '']) => ({
      answer,
      billed: billed === 'no' ? 'no' : 'maybe',
      type: FATE[fate],
    })),
  );

  it('is that of the code, row by row', () => {
    const sorted = (list: readonly { answer: string }[]) =>
      [...list].sort((a, b) => a.answer.localeCompare(b.answer));
    expect(sorted(rows)).toEqual(sorted(PROOFS));
  });

  it('knows every status', () => {
    for (let status = 100; status < 1000; status++) expect(proofOf(status)).toBeDefined();
    expect([400, 418, 500, 529, 302, 700].map((status) => proofOf(status).answer)).toEqual([
      '400',
      '4xx',
      '5xx',
      '5xx',
      '3xx',
      'other',
    ]);
  });

  const refusal = { inside200: false, ownError: true, workDone: false };
  it.each([
    ['inside a 200', { ...refusal, inside200: true }],
    ['in another’s words', { ...refusal, ownError: false }],
    ['beside a trace of work', { ...refusal, workDone: true }],
  ])('proves nothing %s', (_, evidence) => {
    for (let status = 300; status < 600; status++) expect(billedBy(status, evidence)).toBe('maybe');
  });

  it('proves what it says of the provider’s own errors', () => {
    for (let status = 300; status < 600; status++)
      expect(billedBy(status, refusal)).toBe(proofOf(status).billed);
  });
});

describe('the table of usage in docs/operations.md', () => {
  const model = 'other/model';
  const texts = Array.from({ length: 20 }, () => 'x'.repeat(50));
  const attempt: Attempt = {
    requestId: 'r',
    runId: 'run',
    batchId: 'b',
    model,
    operation: 'embeddings',
    boundNanos: 20_000,
    hashes: [],
  };
  const shown = (figure: number | null | undefined): string =>
    figure === null || figure === undefined ? 'unknown' : figure.toLocaleString('en');
  const rows = table('| `usage` says |').map(([said = '', ...figures]) => {
    const [, usage = '', hit] = /^`(\{.*?\})`( `HIT`)?$/.exec(said) ?? [];
    return [usage, hit !== undefined, figures] as const;
  });

  it('has its rows', () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each(rows)('%s, a hit: %s: %j', async (usage, cached, figures) => {
    const said = readUsage(JSON.parse(usage), { inputs: texts.length, bytes: 1000 });
    const free = { tokens: said.tokens ?? 0, tokensMost: said.tokens ?? 0, costNanos: said.costNanos ?? 0 };
    const answer = {
      ...said,
      ...(cached && free),
      vectors: [],
      unusable: [],
      providerId: null,
      latencyMs: 1,
      cached,
    };
    const settlement = settledBy(attempt, answer, await tokensOf(answer, texts, { model }), 20);
    const { tokens, costNanos, boundNanos } = settlement;
    expect([shown(tokens), shown(costNanos), shown(boundNanos)]).toEqual(figures);
  });
});
