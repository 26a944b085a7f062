/** How a loop's tempo fits another. */
export type TempoFit = 'same' | 'half' | 'double' | 'unknown';

/** How far a loop can be stretched inaudibly. The second number allows for errors of division. */
const STRETCH = 0.03 + 1e-9;
const TIMES = [
  ['same', 1],
  ['half', 0.5],
  ['double', 2],
] as const;

/** Returns how `bpm` fits `target`; null when it does not. */
export function tempoFit(target: number | null, bpm: number | null): TempoFit | null {
  if (target === null || bpm === null) return 'unknown';
  return TIMES.find(([, times]) => Math.abs(bpm / (target * times) - 1) <= STRETCH)?.[0] ?? null;
}

export function tempoWords(fit: TempoFit, target: number | null, bpm: number | null): string {
  if (bpm === null) return 'tempo unknown';
  const tempo = `${Number(bpm.toFixed(1))} BPM`;
  if (target === null || fit === 'unknown') return tempo;
  if (fit !== 'same') return `${tempo}: ${fit} time`;
  const off = Math.round((bpm / target - 1) * 1000) / 10;
  return off === 0
    ? `${tempo}: the same tempo`
    : `${tempo}: ${Math.abs(off)} % ${off > 0 ? 'faster' : 'slower'}`;
}
