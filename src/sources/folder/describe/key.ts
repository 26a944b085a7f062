import { NOTES, pitchOf, readKey } from '../../../musical-key.js';
import type { Said } from '../audio/facts.js';
import { against, fromName, isOfFolder, type Sources } from './said.js';

/** Of a MIDI number, without the octave, which programs number in two ways. */
export const noteName = (midi: number): string => NOTES[midi % 12] ?? '';

/**
 * The key of a sample: Apple's `basc` chunk or a tag (TKEY, INITIALKEY), then its name. Where they contradict each other
 * the file's own name counts, as its maker wrote it and tags are often measured; against a folder's name the tag counts.
 */
export function chooseKey({ audio, name }: Sources): Said | null {
  const key = audio.key && readKey(audio.key.value);
  const inside = audio.key && key ? { value: key, from: audio.key.from } : undefined;
  const outside = fromName(name, 'musicalKey');
  if (!inside || !outside) return inside ?? outside ?? null;
  if (pitchOf(inside.value) === pitchOf(outside.value)) return inside;
  return isOfFolder(outside) ? against(inside, outside) : against(outside, inside);
}
