import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeasuredSample } from '../../src/domain/measure.js';
import { type Parcel, packRequests, parcels } from '../../src/domain/pack-requests.js';
import { MAX_REQUEST_INPUTS, MAX_REQUEST_TOKENS } from '../../src/providers/tokens.js';

const sample = (id: number, text: string): MeasuredSample => ({
  id,
  text,
  hash: `hash of ${text}`,
  notes: [],
  tokensBound: text.length,
});
const parcel = (id: number, tokensEstimate: number): Parcel => ({
  hash: String(id),
  text: String(id),
  samples: [],
  tokensBound: tokensEstimate,
  tokensEstimate,
});
const tokensOf = (request: readonly Parcel[]): number =>
  request.reduce((sum, { tokensEstimate }) => sum + tokensEstimate, 0);

describe('parcels', () => {
  it('hold identical texts once, with every sample, in the order they came', () => {
    const samples = [sample(1, 'kick'), sample(2, 'snare'), sample(3, 'kick'), sample(4, 'hat')];
    expect(parcels(samples).map(({ text, samples }) => [text, samples.map(({ id }) => id)])).toEqual([
      ['kick', [1, 3]],
      ['snare', [2]],
      ['hat', [4]],
    ]);
  });

  it('estimate a token for four bytes, rounded up', () => {
    expect(parcels([sample(1, 'abcde'), sample(2, '日本')]).map((p) => p.tokensEstimate)).toEqual([2, 2]);
  });

  it('hold about so many tokens as a stated limit allows', () => {
    const all = [100, 100, 100, 300, 50].map((tokens, at) => parcel(at, tokens));
    expect(packRequests(all, 100, 200).map((request) => request.length)).toEqual([2, 1, 1, 1]);
  });

  it('of nothing are none', () => expect(packRequests(parcels([]))).toEqual([]));

  it('hold every sample exactly once', () => {
    const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 50 });
    fc.assert(
      fc.property(texts, (list) => {
        const samples = list.map((text, index) => sample(index, text));
        const all = packRequests(parcels(samples)).flat();
        const ids = all.flatMap((one) => one.samples.map(({ id }) => id));
        expect(ids.sort((a, b) => a - b)).toEqual(samples.map(({ id }) => id));
        expect(new Set(all.map(({ hash }) => hash)).size).toBe(all.length);
        for (const one of all)
          expect(one.samples.every(({ hash, text }) => hash === one.hash && text === one.text)).toBe(true);
      }),
    );
  });
});

describe('packRequests', () => {
  it('has at most 2,048 inputs a request', () => {
    const all = Array.from({ length: MAX_REQUEST_INPUTS + 1 }, (_, id) => parcel(id, 1));
    expect(packRequests(all).map((request) => request.length)).toEqual([MAX_REQUEST_INPUTS, 1]);
    expect(packRequests(all.slice(1))).toHaveLength(1);
  });

  it('has at most 300,000 tokens a request, to the token', () => {
    const half = MAX_REQUEST_TOKENS / 2;
    expect(packRequests([parcel(1, half), parcel(2, half)])).toHaveLength(1);
    expect(packRequests([parcel(1, half), parcel(2, half + 1)])).toHaveLength(2);
  });

  it('counts anew in each request', () => {
    const all = [1, 2, 3, 4, 5].map((id) => parcel(id, MAX_REQUEST_TOKENS / 2));
    expect(packRequests(all).map((request) => request.length)).toEqual([2, 2, 1]);
  });

  it('sends what is too large alone', () => {
    const all = [parcel(1, 1), parcel(2, MAX_REQUEST_TOKENS + 1), parcel(3, 1)];
    expect(packRequests(all).map((request) => request.map(({ hash }) => hash))).toEqual([
      ['1'],
      ['2'],
      ['3'],
    ]);
  });

  it('keeps the order and the caps, and has no request that is empty or needless', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: MAX_REQUEST_TOKENS + 10 }), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, (list) => {
        const all = list.map((size, id) => parcel(id, size));
        const requests = packRequests(all);
        expect(requests.flat()).toEqual(all);
        for (const [index, request] of requests.entries()) {
          expect(request.length).toBeGreaterThan(0);
          expect(request.length).toBeLessThanOrEqual(MAX_REQUEST_INPUTS);
          if (request.length > 1) expect(tokensOf(request)).toBeLessThanOrEqual(MAX_REQUEST_TOKENS);
          const [next] = requests[index + 1] ?? [];
          if (next !== undefined)
            expect(tokensOf(request) + next.tokensEstimate).toBeGreaterThan(MAX_REQUEST_TOKENS);
        }
      }),
    );
  });
});
