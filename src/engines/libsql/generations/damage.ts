import { damagedGeneration } from '../../damaged-generation.js';
import { errorText } from '../errors.js';
import { type GenerationLayout, type GenerationTables, tablesOf } from './tables.js';

/** Returns the names of the tables and the view of a generation. */
export const namesOf = ({
  vectors,
  failures,
  signatures,
  words,
  search,
  texts,
}: GenerationTables): string[] => [vectors, failures, signatures, words, search, texts];

const MISSING = /no such table: (?:main\.)?(\w+)/;

/**
 * Returns the same error, or a Fault with the cure if a table of a generation is missing, which only another program
 * can have dropped. `layout`: the current names of the tables.
 */
export function withCure(error: unknown, layout: GenerationLayout): unknown {
  const [, name = ''] = MISSING.exec(errorText(error)) ?? [];
  const number = layout.numbers.find((one) => namesOf(tablesOf(one, layout)).includes(name));
  return number === undefined
    ? error
    : damagedGeneration(number, number === layout.active, `lacks its table ${name}`, error);
}
