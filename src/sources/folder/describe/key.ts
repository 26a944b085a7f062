import { NOTES, pitchOf, readKey } from '../../../musical-key.js';
import type { SourcedValue } from '../audio/facts.js';
import { fromName, isOfFolder, type Sources, withContradiction } from './sourced-value.js';

/** Returns the name of a MIDI note, without the octave, which programs number in two ways. */
export const noteName = (midi: number): string => NOTES[midi % 12] ?? '';

/**
 * Chooses the key of a sample: from Apple's `basc` chunk or a tag (TKEY, INITIALKEY), else from its name. If they
 * differ, the file's name wins, because its maker wrote it and tags are often measured. Against a folder's name the tag
 * wins.
 */
export function chooseKey({ audio, name }: Sources): SourcedValue | null {
  const key = audio.key && readKey(audio.key.value);
  const inside = audio.key && key ? { value: key, from: audio.key.from } : undefined;
  const outside = fromName(name, 'musicalKey');
  if (!inside || !outside) return inside ?? outside ?? null;
  if (pitchOf(inside.value) === pitchOf(outside.value)) return inside;
  return isOfFolder(outside) ? withContradiction(inside, outside) : withContradiction(outside, inside);
}
