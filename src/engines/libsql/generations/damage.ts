import { damagedGeneration } from '../../damaged-generation.js';
import { said } from '../errors.js';
import { type GenerationTables, type Standing, tablesOf } from './tables.js';

/** The tables and the view that a generation consists of. */
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
 * The same error; a Fault with the cure where it says that a table of a generation is not there, which only another program
 * can have dropped. `standing`: as the tables are named now.
 */
export function withCure(error: unknown, standing: Standing): unknown {
  const [, name = ''] = MISSING.exec(said(error)) ?? [];
  const number = standing.numbers.find((one) => namesOf(tablesOf(one, standing)).includes(name));
  return number === undefined
    ? error
    : damagedGeneration(number, number === standing.active, `lacks its table ${name}`, error);
}
