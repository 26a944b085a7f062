import type { WaveFormat } from '../../../audio-format/wave-format.js';
import { NoAudio } from './facts.js';

/** Throws NoAudio if the fmt chunk of a WAV or Wave64 is missing, or names no sound. */
export function checkFormat(format: WaveFormat | null): asserts format is WaveFormat {
  if (format === null) throw new NoAudio('says nothing of its sound (no fmt chunk)');
  if (format.channels === 0) throw new NoAudio('says that its sound has no channels (fmt chunk)');
  if (format.sampleRate === 0) throw new NoAudio('says that its sound has a sample rate of 0 (fmt chunk)');
}
