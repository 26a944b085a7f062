import type { Sample, Status } from './api.js';
import { shortValue } from './format.js';

/** More columns do not fit beside a title. */
const MOST = 5;

/** Returns the columns that rows show beside title and duration: the first ones that have short values. */
export function columnsOf({ columns }: Status, samples: readonly Sample[]): string[] {
  const [title, ...others] = columns;
  return others
    .filter((name) => name !== title && name !== 'duration' && name !== 'title')
    .filter((name) => samples.some(({ fields }) => shortValue(fields[name]) !== ''))
    .slice(0, MOST);
}

/** Returns whether a column has numbers, which are right-aligned. */
export const isNumeric = (name: string, samples: readonly Sample[]): boolean =>
  samples.some(({ fields }) => typeof fields[name] === 'number');

/** Returns whether a sample may have several values in the column, so that two conditions on it can hold. */
export const isList = (name: string, samples: readonly Sample[]): boolean =>
  samples.some(({ fields }) => Array.isArray(fields[name]));
