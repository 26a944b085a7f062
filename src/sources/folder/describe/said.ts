import type { AudioFacts, Said } from '../audio/facts.js';
import type { NameFacts } from '../names/index.js';

export interface Sources {
  audio: AudioFacts;
  name: NameFacts;
}

/** A number says 128.00001 where 128 was meant. */
export const tidy = (value: number): number =>
  Math.abs(value - Math.round(value)) < 0.05 ? Math.round(value) : Math.round(value * 100) / 100;

/** What the name or a folder says of a field, with where. */
export function fromName<Field extends 'bpm' | 'musicalKey' | 'pack' | 'kind'>(
  name: NameFacts,
  field: Field,
): Said<NonNullable<NameFacts[Field]>> | undefined {
  const value = name[field];
  return value === null
    ? undefined
    : { value: value as NonNullable<NameFacts[Field]>, from: name.from[field] ?? 'file name' };
}

/** A folder's name is about many files, so it says less than a file's own. */
export const isOfFolder = ({ from }: Said<unknown>): boolean => from.startsWith('folder');

/** The winner, told with what contradicts it. */
export const against = <Value>(won: Said<Value>, lost: Said<Value>): Said<Value> => ({
  value: won.value,
  from: `${won.from}; ${lost.from} says ${lost.value}`,
});
