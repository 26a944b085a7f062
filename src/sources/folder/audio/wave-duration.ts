import type { WaveFormat } from '../../../audio-format/wave-format.js';

/**
 * Returns the duration of `size` bytes in seconds; null when unknown. For PCM and floats it follows from the bytes. For
 * compressed sound it follows from `frames` of the `fact` chunk, or roughly from the bytes per second.
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
