import type { Collection } from '../collections/collection.js';
import { usageFault } from '../fault.js';
import type { FieldFilter, SampleFilter } from '../sources/types.js';
import { filterIn } from './named-filters.js';
import { isNumber, readRange } from './range.js';

const FORM = 'write --where pack="Dusty Breaks" or --where bpm=80-95';

/** Returns a condition as messages show it: in quotes if it does not begin with a name. */
const shown = (text: string): string => (/^\w/.test(text) ? text : JSON.stringify(text));

/**
 * Reads one `--where FIELD=VALUE`: `bpm=80-95`, `bpm=80..` and `bpm=..95` are ranges of numbers, both ends inclusive.
 * Anything else is the value itself, and so is anything in quotes: `take="80-95"`. Throws a usage Fault.
 */
export function readWhere(text: string): FieldFilter {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const field = name.trim();
  if (field === '') throw usageFault(`--where ${shown(text)} names no field: ${FORM}`);
  if (value.trim() === '') throw usageFault(`--where ${shown(text)} gives no value: ${FORM}`);
  const quoted = /^\s*"(.*)"\s*$/s.exec(value)?.[1];
  if (quoted !== undefined) return { field, is: quoted };
  // A single number is kept as text, since the column may hold text.
  const range = isNumber(value) ? null : readRange(value);
  if (range === null) return { field, is: value.trim() };
  if (range.from > range.to)
    throw usageFault(
      `--where ${text} is reversed: write the smaller number first, or the value in quotes: --where '${field}="${value}"'`,
    );
  return { field, ...range };
}

/** Reads several conditions as one filter. Throws a usage Fault, also if the collection has no such filter. */
export function readFilter(
  conditions: readonly string[],
  collection: Pick<Collection, 'name' | 'folder' | 'rows' | 'filters'>,
): SampleFilter {
  return filterIn({ where: conditions.map(readWhere) }, collection);
}
