import type { WaveFormat } from '../../../audio-format/wave-format.js';

/**
 * Seconds of `size` bytes; null: unknown. PCM and floats tell it by their bytes; compressed sound by `frames`, which its
 * `fact` chunk gives, or roughly by its bytes a second.
 */
export function durationOf(
  { tag, frame, sampleRate, byteRate }: WaveFormat,
  size: number,
  frames: number | null,
): number | null {
  if ((tag === 1 || tag === 3) && frame > 0) return Math.floor(size / frame) / sampleRate;
  if (frames !== null && frames > 0) return frames / sampleRate;
  return byteRate > 0 ? size / byteRate : null;
}
