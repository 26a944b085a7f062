import { MAX_REQUEST_INPUTS, MAX_REQUEST_TOKENS, tokenUpperBound } from '../providers/tokens.js';
import type { MeasuredSample } from './measure.js';

/** One text to buy and every sample of the batch that has it. */
export interface Parcel {
  hash: string;
  text: string;
  samples: MeasuredSample[];
  /** At most; of a text that is sent. */
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

/** Those of each part of a batch, in the parts' order; a text of several parts goes with the first. */
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

/** `size` each, the last with what is left. */
export const inPartsOf = (size: number, group: readonly Parcel[]): Parcel[][] =>
  Array.from({ length: Math.ceil(group.length / size) }, (_, part) =>
    group.slice(part * size, (part + 1) * size),
  );

/**
 * Parcels into requests within the provider's limits, `maxInputs` of them in each. An estimate that proves too low costs nothing: the provider
 * refuses the request, and it is halved.
 */
export function packRequests(all: readonly Parcel[], maxInputs = MAX_REQUEST_INPUTS): Parcel[][] {
  const requests: Parcel[][] = [];
  let tokens = 0;
  for (const parcel of all) {
    const last = requests.at(-1);
    const fits =
      last !== undefined && last.length < maxInputs && tokens + parcel.tokensEstimate <= MAX_REQUEST_TOKENS;
    if (fits) last.push(parcel);
    else requests.push([parcel]);
    tokens = fits ? tokens + parcel.tokensEstimate : parcel.tokensEstimate;
  }
  return requests;
}
