import type { AudioFacts, SourcedValue } from '../audio/facts.js';
import type { NameFacts } from '../names/index.js';

export interface Sources {
  audio: AudioFacts;
  name: NameFacts;
}

/** Rounds a tempo: 128.00001 means 128. */
export const roundTempo = (value: number): number =>
  Math.abs(value - Math.round(value)) < 0.05 ? Math.round(value) : Math.round(value * 100) / 100;

/** Returns a field's value from the file's or a folder's name, with its origin. */
export function fromName<Field extends 'bpm' | 'musicalKey' | 'pack' | 'kind'>(
  name: NameFacts,
  field: Field,
): SourcedValue<NonNullable<NameFacts[Field]>> | undefined {
  const value = name[field];
  return value === null
    ? undefined
    : { value: value as NonNullable<NameFacts[Field]>, from: name.from[field] ?? 'file name' };
}

/** Returns whether a value is from a folder's name, which is about many files and counts less than a file's own. */
export const isOfFolder = ({ from }: SourcedValue<unknown>): boolean => from.startsWith('folder');

/** Returns the chosen value, with the contradicting one in its origin. */
export const withContradiction = <Value>(
  won: SourcedValue<Value>,
  lost: SourcedValue<Value>,
): SourcedValue<Value> => ({
  value: won.value,
  from: `${won.from}; ${lost.from} says ${lost.value}`,
});
