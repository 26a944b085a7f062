import type { Names } from '../../map/map-data.js';
import { uint16 } from './data.js';
import { OTHERS, PALETTE } from './theme.js';

/** Samples by genre or mood. Each of the largest groups has its own colour; the others share one. */
export interface Groups {
  /** Group of each sample. */
  of: Uint16Array;
  groups: { name: string; colour: string; size: number }[];
  /** Name of each sample's genre or mood. */
  nameOf(sample: number): string;
}

export function groupsOf({ names, of }: Names): Groups {
  const raw = uint16(of);
  const shown = names.length <= PALETTE.length + 1 ? names.length : PALETTE.length;
  const groups = names
    .slice(0, shown)
    .map((name, index) => ({ name: name || '(none)', colour: PALETTE[index] ?? OTHERS, size: 0 }));
  if (names.length > shown) groups.push({ name: 'all others', colour: OTHERS, size: 0 });
  const grouped = raw.map((index) => Math.min(index, groups.length - 1));
  for (const index of grouped) {
    const group = groups[index];
    if (group !== undefined) group.size += 1;
  }
  return { of: grouped, groups, nameOf: (sample) => names[raw[sample] ?? 0] ?? '' };
}
