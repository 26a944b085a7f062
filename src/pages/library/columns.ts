import type { Sample, Status } from './api.js';
import { shortValue } from './format.js';

/** More do not fit beside a title. */
const MOST = 5;

/** The columns that rows show beside title and duration: the first ones that hold something short. */
export function columnsOf({ columns }: Status, samples: readonly Sample[]): string[] {
  const [title, ...others] = columns;
  return others
    .filter((name) => name !== title && name !== 'duration' && name !== 'title')
    .filter((name) => samples.some(({ fields }) => shortValue(fields[name]) !== ''))
    .slice(0, MOST);
}

/** Whether a column's values are numbers, which stand below each other. */
export const isNumeric = (name: string, samples: readonly Sample[]): boolean =>
  samples.some(({ fields }) => typeof fields[name] === 'number');

/** Whether a sample may have several of its values, so that two conditions can hold. */
export const isList = (name: string, samples: readonly Sample[]): boolean =>
  samples.some(({ fields }) => Array.isArray(fields[name]));
