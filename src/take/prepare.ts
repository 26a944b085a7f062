import type { SampleHit } from '../search/sample-hit.js';
import { factsOf } from './facts.js';
import { type SamplerLimits, whyUnfit } from './fit.js';
import { sampleName } from './names/sample-name.js';
import type { OpenedSample, OpenSample } from './open-sample.js';

/** How a list of samples is laid out. */
export interface Layout extends SamplerLimits {
  /** For a sampler's card: samples per folder `Bank A`, `Bank B`, …, with ASCII names. Absent: one folder. */
  bank?: number;
}

/** A sample that is left out, and why. */
export interface LeftOut {
  hit: SampleHit;
  reason: string;
}

/** A sample whose file is open. The receiver must close it. */
export interface Ready {
  hit: SampleHit;
  file: OpenedSample;
  /** Null: the folder itself. */
  bank: string | null;
  /** Unique within its bank, also on a disk that ignores letter case. */
  name: string;
}

/**
 * Opens the samples one after the other, in order. The number in a name is the sample's place among those that fit. A
 * missing file keeps its number, so that the others have the same names once it is there again.
 */
export async function* prepareSamples(
  samples: readonly SampleHit[],
  open: OpenSample,
  layout: Layout = {},
): AsyncGenerator<Ready | LeftOut> {
  const { bank } = layout;
  const width = Math.max(2, String(Math.min(bank ?? samples.length, samples.length)).length);
  let place = 0;
  for (const hit of samples) {
    const file = await open(hit.path);
    if ('refused' in file) {
      // The file cannot be measured now. The duration in the catalog decides whether it keeps a number.
      if (hit.duration === null || hit.duration <= (layout.maxSeconds ?? hit.duration)) place += 1;
      yield { hit, reason: file.refused };
      continue;
    }
    const reason = await whyUnfit(file, layout);
    if (reason !== null) {
      await file.close();
      yield { hit, reason };
      continue;
    }
    const number = 1 + (bank === undefined ? place : place % bank);
    const named = { number, width, facts: factsOf(hit), file: file.name, ascii: bank !== undefined };
    yield {
      ...{ hit, file, name: sampleName(named) },
      bank: bank === undefined ? null : `Bank ${lettersOf(Math.floor(place / bank))}`,
    };
    place += 1;
  }
}

/** A sample whose target name and size are known. */
export interface Planned extends Pick<Ready, 'hit' | 'bank' | 'name'> {
  /** Size of its file. */
  bytes: number;
}

/** Returns what prepareSamples yields, with each file closed. */
export async function planSamples(
  samples: readonly SampleHit[],
  open: OpenSample,
  layout: Layout = {},
  signal?: AbortSignal,
): Promise<(Planned | LeftOut)[]> {
  const plan: (Planned | LeftOut)[] = [];
  for await (const sample of prepareSamples(samples, open, layout)) {
    if ('reason' in sample) plan.push(sample);
    else {
      const { hit, bank, name, file } = sample;
      await file.close();
      plan.push({ hit, bank, name, bytes: file.size });
    }
    signal?.throwIfAborted();
  }
  return plan;
}

export const isPlanned = (sample: Planned | LeftOut): sample is Planned => 'bytes' in sample;

/** Yields the planned samples with their files open. Leaves out a file that can no longer be opened. */
export async function* openPlanned(
  plan: readonly (Planned | LeftOut)[],
  open: OpenSample,
): AsyncGenerator<Ready | LeftOut> {
  for (const sample of plan) {
    if (!isPlanned(sample)) {
      yield sample;
      continue;
    }
    const { hit, bank, name } = sample;
    const file = await open(hit.path);
    yield 'refused' in file ? { hit, reason: file.refused } : { hit, bank, name, file };
  }
}

/** A, B, … Z, AA, AB, … */
const lettersOf = (index: number): string =>
  (index < 26 ? '' : lettersOf(Math.floor(index / 26) - 1)) + String.fromCharCode(65 + (index % 26));
