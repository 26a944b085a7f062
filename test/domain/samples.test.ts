import { describe, expect, it } from 'vitest';
import type { RunPlan } from '../../src/contract/plan.js';
import { compareStored, renderSample, subjectOf } from '../../src/domain/samples.js';
import type { StoredRow } from '../../src/engines/types.js';
import { contentHash } from '../../src/providers/fingerprint.js';
import { LIBRARY_FORM } from '../support/library-form.js';

const plan: RunPlan = {
  runId: 'run-2',
  startedAt: '2026-01-01T00:00:00.000Z',
  model: 'openai/text-embedding-3-small',
  dimensions: 1536,
  nanosPerToken: 20,
  batchSize: 100,
  reset: false,
  expected: 0,
};
const sample = renderSample({ id: 7, title: 'Dusty Kick', bpm: 90 }, plan, LIBRARY_FORM);
const own: StoredRow = {
  sampleId: 7,
  contentHash: sample.hash,
  runId: 'run-1',
  vectorBytes: 6144,
  source: null,
};
const old: StoredRow = { ...own, contentHash: null, runId: null, source: sample.text };

describe('renderSample', () => {
  it('hashes the text with model and dimensions', () => {
    expect(sample).toMatchObject({ id: 7, notes: [] });
    expect(sample.text).toContain('Title: Dusty Kick');
    expect(sample.hash).toBe(contentHash({ model: plan.model, dimensions: 1536, text: sample.text }));
    const hashes = [plan, { ...plan, model: 'other' }, { ...plan, dimensions: 256 }].map(
      (one) => renderSample({ id: 7, title: 'Dusty Kick', bpm: 90 }, one, LIBRARY_FORM).hash,
    );
    expect(new Set(hashes).size).toBe(3);
  });
});

describe('compareStored', () => {
  const reset = { ...plan, reset: true };
  const cases: [string, StoredRow | undefined, RunPlan, ReturnType<typeof compareStored>][] = [
    ['nothing stored', undefined, plan, 'stale'],
    ['stored by an older run', own, plan, 'current'],
    ['stored by nobody known', { ...own, runId: null }, plan, 'current'],
    ['stored by this run', { ...own, runId: 'run-2' }, plan, 'ours'],
    ['stored with another hash', { ...own, contentHash: 'other' }, plan, 'stale'],
    ['another hash, by this run', { ...own, contentHash: 'other', runId: 'run-2' }, plan, 'stale'],
    ['another hash, equal text', { ...own, contentHash: 'other', source: sample.text }, plan, 'stale'],
    ['a vector too short', { ...own, vectorBytes: 6140 }, plan, 'stale'],
    ['a vector too long', { ...own, vectorBytes: 6148 }, plan, 'stale'],
    ['a vector of no length, ours', { ...own, runId: 'run-2', vectorBytes: 0 }, plan, 'stale'],
    ['reset: stored by an older run', own, reset, 'stale'],
    ['reset: stored by this run', { ...own, runId: 'run-2' }, reset, 'ours'],
    ['old script, equal text', old, plan, 'adoptable'],
    ['old script, other text', { ...old, source: `${sample.text} ` }, plan, 'stale'],
    ['old script, no text', { ...old, source: null }, plan, 'stale'],
    ['old script, wrong length', { ...old, vectorBytes: 1024 }, plan, 'stale'],
    ['old script, another model today', old, { ...plan, model: 'openai/text-embedding-3-large' }, 'stale'],
    ['old script, other dimensions today', old, { ...plan, dimensions: 256 }, 'stale'],
    ['old script, reset', old, reset, 'stale'],
  ];
  it.each(cases)('%s', (_name, stored, run, expected) => {
    expect(compareStored(sample, stored, run)).toBe(expected);
  });
});

describe('subjectOf', () => {
  it.each([
    [[{ id: 5 }], 'sample 5'],
    [[{ id: 101 }, { id: 102 }, { id: 200 }], 'samples 101–200'],
    [[{ id: 5, textId: 'kicks/1.wav' }], 'sample kicks/1.wav'],
    [
      [
        { id: 5, textId: 'kicks/1.wav' },
        { id: 9, textId: 'pads/2.wav' },
      ],
      '2 samples from kicks/1.wav to pads/2.wav',
    ],
  ])('%j is %s', (samples, subject) => expect(subjectOf(samples)).toBe(subject));
});
