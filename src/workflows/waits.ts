import type { BatchWaits } from '../contract/activities.js';

/** Weight of the newest batch in the average. */
const WEIGHT = 0.1;
/** The store is the bottleneck when a batch waits at least this long for it, and twice as long as for the provider. */
const WORTH_SAYING_MS = 2000;
const TIMES = 2;

/** Adds one batch to the two moving averages. */
export function addWaits(waits: BatchWaits | undefined, took: BatchWaits): BatchWaits {
  if (waits === undefined) return { ...took };
  const mix = (who: keyof BatchWaits): number => Math.round(waits[who] + WEIGHT * (took[who] - waits[who]));
  return { store: mix('store'), provider: mix('provider') };
}

/** Returns one sentence if the store slows the run down; null otherwise. */
export function bottleneckOf(waits: BatchWaits | undefined): string | null {
  if (waits === undefined || waits.store < WORTH_SAYING_MS || waits.store < TIMES * waits.provider)
    return null;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  return (
    `the connection to the store is the bottleneck: a batch waits ${seconds(waits.store)} for it and ` +
    `${seconds(waits.provider)} for the provider; use a nearer store or a faster link`
  );
}
