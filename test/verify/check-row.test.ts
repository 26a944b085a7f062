import { describe, expect, it } from 'vitest';
import { renderSample } from '../../src/domain/samples.js';
import type { StoredVector } from '../../src/engines/libsql/verify-reads.js';
import { checkRow } from '../../src/verify/check-row.js';
import { MODEL, vector } from '../engines/rows.js';
import { LIBRARY_FORM } from '../support/library-form.js';

const today = { model: MODEL, dimensions: 4, form: LIBRARY_FORM };
const sample = renderSample({ id: 7, title: 'Warm pad', genre: 'Ambient' }, today, LIBRARY_FORM);
const row = (change: Partial<StoredVector> = {}): StoredVector => ({
  sampleId: 7,
  type: 'blob',
  vectorBytes: 16,
  vector: vector(0.25),
  text: sample.text,
  contentHash: sample.hash,
  model: MODEL,
  runId: 'run-1',
  ...change,
});
const floats = (...values: number[]): Uint8Array => new Uint8Array(new Float32Array(values).buffer);
const kinds = (change: Partial<StoredVector>, now = today): string[] =>
  checkRow(
    row(change),
    renderSample({ id: 7, title: 'Warm pad', genre: 'Ambient' }, now, LIBRARY_FORM),
    now,
  ).problems.map(({ kind }) => kind);

describe('one stored row', () => {
  it('is well as a run stores it', () => {
    expect(checkRow(row(), sample, today)).toEqual({ problems: [], adoptable: false });
  });

  it.each<[string, Partial<StoredVector>, string[]]>([
    ['a blob cut short', { vectorBytes: 15, vector: null }, ['wrong_length']],
    ['a blob of other dimensions', { vectorBytes: 32, vector: null }, ['wrong_length']],
    ['an empty blob', { vectorBytes: 0, vector: null }, ['wrong_length']],
    ['text for a vector', { type: 'text', vector: null }, ['wrong_length']],
    ['NaN', { vector: floats(1, Number.NaN, 0, 0) }, ['not_finite']],
    ['infinity, in the last place', { vector: floats(1, 1, 1, Number.NEGATIVE_INFINITY) }, ['not_finite']],
    ['nothing but zeros', { vector: floats(0, -0, 0, 0) }, ['all_zero']],
    ['the smallest number above zero', { vector: floats(0, 0, 0, 1e-45) }, []],
    ['another text', { text: 'Title: other' }, ['text_mismatch']],
    ['no text', { text: null }, ['text_mismatch']],
    ['another fingerprint', { contentHash: 'f'.repeat(64) }, ['text_mismatch', 'stale']],
    ['another model by name only', { model: 'other/model' }, ['text_mismatch']],
    ['a bad vector for a bad text', { vector: floats(0, 0, 0, 0), text: 'x' }, ['all_zero', 'text_mismatch']],
  ])('%s', (_name, change, expected) => expect(kinds(change)).toEqual(expected));

  it('is stale, and its text sound, where the catalog or the model has changed', () => {
    const edited = renderSample({ id: 7, title: 'Warm pad, edited', genre: 'Ambient' }, today, LIBRARY_FORM);
    expect(checkRow(row(), edited, today).problems).toEqual([
      { kind: 'stale', sampleId: 7, message: 'the catalog has another text for it today' },
    ]);
    const other = { model: 'other/model', dimensions: 4, form: LIBRARY_FORM };
    expect(kinds({}, other)).toEqual(['stale']);
    expect(kinds({ vector: null }, { ...today, dimensions: 8 })).toEqual(['wrong_length', 'stale']);
  });

  it('of the old script is adoptable with the same text, and stale with another, or under another model', () => {
    const old = { contentHash: null, model: null, runId: null };
    expect(checkRow(row(old), sample, today)).toEqual({ problems: [], adoptable: true });
    expect(kinds({ ...old, text: 'another text' })).toEqual(['stale']);
    expect(kinds(old, { ...today, model: 'other/model' })).toEqual(['stale']);
    expect(checkRow(row({ ...old, vectorBytes: 15, vector: null }), sample, today)).toMatchObject({
      problems: [{ kind: 'wrong_length' }],
      adoptable: false,
    });
  });

  it('is an orphan and nothing else where its sample is gone', () => {
    const { problems } = checkRow(row({ vector: floats(0, 0, 0, 0), text: 'x' }), null, today);
    expect(problems).toMatchObject([{ kind: 'orphan', sampleId: 7 }]);
  });
});
