import { readPitch } from '../../musical-key.js';

const MINOR = [0, 2, 3, 5, 7, 8, 10];
const MAJOR = [0, 2, 4, 5, 7, 9, 11];

export interface Key {
  /** Semitones above C, 0 to 11. */
  root: number;
  /** Semitones of the seven steps above the root. */
  scale: readonly number[];
}

/** Parses `C#m`, `Eb` or `F# minor`; null when the text is no key. */
export function parseKey(text: string | null): Key | null {
  const pitch = readPitch(text ?? '');
  return pitch && { root: pitch.tonic, scale: pitch.minor ? MINOR : MAJOR };
}

/** Returns the frequency of a MIDI note in hertz: 69 is the A of 440 Hz. */
export const hertz = (note: number): number => 440 * 2 ** ((note - 69) / 12);

/** Returns the note of a step of the scale, 0 for the root; steps above 6 are in the next octave. `from`: a C. */
export const noteOf = ({ root, scale }: Key, step: number, from: number): number =>
  from + root + 12 * Math.floor(step / 7) + (scale[((step % 7) + 7) % 7] as number);
