import { randomUUID } from 'node:crypto';

/** Foreign text on its way to a terminal: titles, errors of others, command lines. Nothing in it may act. */

const CSI = String.raw`\u001b\[[0-?]*[ -/]*[@-~]`;
/** OSC, DCS, SOS, PM and APC, with the text they carry. */
const STRINGS = String.raw`\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?`;
const DIRECTIONS = String.raw`\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff`;
const UNSAFE = new RegExp(
  `${CSI}|${STRINGS}|\u001b.|[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f${DIRECTIONS}]`,
  'gu',
);
/** What JSON.stringify leaves as it is. */
const UNSAFE_IN_JSON = new RegExp(`[\\u007f-\\u009f${DIRECTIONS}]`, 'gu');

/** The text without escape sequences, control and direction characters; its lines and blanks stay. */
export const inert = (text: string): string => text.replace(UNSAFE, ' ');

/** Marks the digits of a bigint until they are written. Random, so that no foreign text holds it. */
const BIGINT = `bigint-${randomUUID()}:`;
const MARKED = new RegExp(`"${BIGINT}(-?\\d+)"`, 'g');

/** JSON, with the same value, in which control and direction characters are escaped. */
export const escapedInJson = (json: string): string =>
  json.replace(UNSAFE_IN_JSON, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** JSON of the same value, in which such characters are escaped. A bigint is written as a number, with all its digits. */
export const inertJson = (value: unknown): string =>
  escapedInJson(
    JSON.stringify(
      value,
      (_key, each: unknown) => (typeof each === 'bigint' ? `${BIGINT}${each}` : each),
      2,
    ).replace(MARKED, '$1'),
  );
