import { MAX_REQUEST_INPUTS, MAX_REQUEST_TOKENS, tokenUpperBound } from '../providers/tokens.js';
import type { MeasuredSample } from './measure.js';

/** One text to buy and all samples of the batch that have it. */
export interface Parcel {
  hash: string;
  text: string;
  samples: MeasuredSample[];
  /** Upper bound of the tokens of the text. */
  tokensBound: number;
  tokensEstimate: number;
}

/** English text has about four bytes a token; used for pacing and packing only, never for money. */
const BYTES_PER_TOKEN = 4;

export function parcels(samples: readonly MeasuredSample[]): Parcel[] {
  const byHash = new Map<string, Parcel>();
  for (const sample of samples) {
    const known = byHash.get(sample.hash);
    if (known !== undefined) known.samples.push(sample);
    else {
      const { hash, text } = sample;
      const tokensEstimate = Math.ceil(tokenUpperBound(text) / BYTES_PER_TOKEN);
      byHash.set(hash, {
        hash,
        text,
        samples: [sample],
        tokensBound: sample.tokensBound ?? 0,
        tokensEstimate,
      });
    }
  }
  return [...byHash.values()];
}

/** Groups parcels by part of the batch, in order of the parts; a text of several parts belongs to the first. */
export function byPart(all: readonly Parcel[], partOf: (id: number) => number): Parcel[][] {
  const parts = new Map<number, Parcel[]>();
  for (const parcel of all) {
    const part = Math.min(...parcel.samples.map(({ id }) => partOf(id)));
    const others = parts.get(part);
    if (others === undefined) parts.set(part, [parcel]);
    else others.push(parcel);
  }
  return [...parts].sort(([a], [b]) => a - b).map(([, parcels]) => parcels);
}

/** Splits a group into parts of `size`; the last one may be smaller. */
export const inPartsOf = (size: number, group: readonly Parcel[]): Parcel[][] =>
  Array.from({ length: Math.ceil(group.length / size) }, (_, part) =>
    group.slice(part * size, (part + 1) * size),
  );

/**
 * Packs parcels into requests within the provider's limits, at most `maxInputs` texts and about `maxTokens` tokens in
 * each. An estimate that is too low costs nothing: the provider refuses the request, and it is halved.
 */
export function packRequests(
  all: readonly Parcel[],
  maxInputs = MAX_REQUEST_INPUTS,
  maxTokens = Number.POSITIVE_INFINITY,
): Parcel[][] {
  const mostTokens = Math.min(maxTokens, MAX_REQUEST_TOKENS);
  const requests: Parcel[][] = [];
  let tokens = 0;
  for (const parcel of all) {
    const last = requests.at(-1);
    const fits =
      last !== undefined && last.length < maxInputs && tokens + parcel.tokensEstimate <= mostTokens;
    if (fits) last.push(parcel);
    else requests.push([parcel]);
    tokens = fits ? tokens + parcel.tokensEstimate : parcel.tokensEstimate;
  }
  return requests;
}
