import type { ListedTable } from '../../sources/tables.js';
import { silentName } from './silent-names.js';

type Column = ListedTable['columns'][number];

/** A suggested text. Its lines follow the table's column order, names first. */
export interface SuggestedText {
  lines: string[];
  fields: string[];
  /** Columns that say nothing of how a row sounds, or whose type is not text or number. */
  left: string[];
}

const NAMES = /^(?:title|name|filename|file_name)$/i;
const WORDS = /char|text|clob|string|citext|name|enum|^$/i;
const JSON_LIKE = /json/i;
const NUMBERS = /int|real|double|float|numeric|decimal|number/i;
const WHOLE = /^(?:bpm|tempo)$/i;
const LISTS = /(?:^|_)(?:tags?|keywords|moods|genres|instruments|labels|categories)$/i;
const SHORT_NAMES = /^(?:bpm|lufs|fx)$/i;

/** Suggests a text for this table's rows, for the user to correct. */
export function suggestText({ columns, key }: ListedTable): SuggestedText {
  const usable = columns.filter((column) => column.name !== key && isUsable(column));
  const ordered = [
    ...usable.filter(({ name }) => NAMES.test(name)),
    ...usable.filter(({ name }) => !NAMES.test(name)),
  ];
  const fields = ordered.map(({ name }) => name);
  return {
    lines: ordered.map(lineOf),
    fields,
    left: columns.map(({ name }) => name).filter((name) => !fields.includes(name)),
  };
}

/** Returns the line of a column: `Musical key: {musical_key}`. */
export const lineOf = (column: Column): string => `${labelOf(column.name)}: {${fieldOf(column)}}`;

const isUsable = ({ name, type, array }: Column): boolean =>
  name.trim() !== '' &&
  !/[\n\r]/.test(name) &&
  silentName(name) === null &&
  !/bytea|blob|bool|date|time|geometry|vector|point/i.test(type) &&
  (array || WORDS.test(type) || JSON_LIKE.test(type) || NUMBERS.test(type));

function fieldOf({ name, type, array }: Column): string {
  const field = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : JSON.stringify(name);
  if (WHOLE.test(name)) return `${field} | round`;
  if (array || JSON_LIKE.test(type) || (LISTS.test(name) && WORDS.test(type))) return `${field} | join(", ")`;
  return /real|double|float/i.test(type) ? `${field} | round(2)` : field;
}

/** Converts `musical_key` or `musicalKey` to `Musical key`. */
function labelOf(name: string): string {
  if (SHORT_NAMES.test(name)) return name.toUpperCase();
  const words = name
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .replace(/[_\s{}|]+/g, ' ')
    .trim()
    .toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
