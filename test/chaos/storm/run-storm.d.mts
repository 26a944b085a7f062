import type { Violation } from '../referee/index.mjs';

export interface StormOptions {
  samples: number;
  /** Chooses what is killed, when, and the weather; the machine's own timing stays what it is. */
  seed: number;
  /** How long the storm lasts; or else `kills`. */
  minutes?: number;
  /** So many kills, spread over the run by its progress. */
  kills?: number;
  /** The provider only refuses poison and is slow. */
  calm?: boolean;
  /** Samples whose text the provider always refuses, default 0. */
  poison?: number;
  /** So many samples have a text that another sample far from them has, default 0. */
  shared?: number;
  /** Whether the provider answers repeats for free, default true. */
  cache?: boolean;
  /** Default 100. */
  batchSize?: number;
  /** Of each worker, default 4. */
  concurrency?: number;
  /** Ms that a request takes, default 30. */
  latencyMs?: number;
  /** Ms that a request takes while the run is ahead of its storm, default 4000. */
  slowMs?: number;
  /** For the end of the run under a clear sky, default 10. */
  finishMinutes?: number;
  log?: (line: string) => void;
}

export interface StormResult {
  violations: Violation[];
  /** How many, by kind. */
  kills: Record<string, number>;
  requests: number;
  repeatsFromCache: number;
  boughtTwice: number;
  uncertain: number;
  /** Of what was bought twice: ms from the first answer to the second request; below 0: it was under way still. */
  repeats: number[];
  lost: number;
  failed: number;
  /** Texts in flight, summed over all kills. */
  inFlight: number;
  /** Samples that further runs had to send again, one number for each. */
  failedInStorm: number[];
  /** How the command ended where it was not killed. */
  ends: { code: number | null; state: string | null }[];
  stormSeconds: number;
  seconds: number;
  /** What was written, kept where the referee objects; else null. */
  folder: string | null;
}

export function runStorm(options: StormOptions): Promise<StormResult>;
