import { randomUUID } from 'node:crypto';

/**
 * Makes foreign text (titles, errors of other programs, command lines) safe to print: a terminal acts on nothing in it.
 */

const CSI = String.raw`\u001b\[[0-?]*[ -/]*[@-~]`;
/** OSC, DCS, SOS, PM and APC sequences, with the text that they contain. */
const STRINGS = String.raw`\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?`;
const DIRECTIONS = String.raw`\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff`;
const UNSAFE = new RegExp(
  `${CSI}|${STRINGS}|\u001b.|[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f${DIRECTIONS}]`,
  'gu',
);
/** Characters that JSON.stringify does not escape. */
const UNSAFE_IN_JSON = new RegExp(`[\\u007f-\\u009f${DIRECTIONS}]`, 'gu');

/** Returns the text without escape sequences, control and direction characters; line breaks and spaces stay. */
export const inert = (text: string): string => text.replace(UNSAFE, ' ');

/**
 * Returns data that has stdout for itself, such as a table: unchanged for a pipe or a file, where a program reads it, and
 * inert for a terminal.
 */
export const dataFor = ({ isTTY }: { isTTY?: boolean }, text: string): string =>
  isTTY === true ? inert(text.replaceAll('\r\n', '\n')) : text;

/** Marks the digits of a bigint until the JSON is written. Random, so that foreign text cannot contain it. */
const BIGINT = `bigint-${randomUUID()}:`;
const MARKED = new RegExp(`"${BIGINT}(-?\\d+)"`, 'g');

/** Returns JSON of the same value with control and direction characters escaped. */
export const escapedInJson = (json: string): string =>
  json.replace(UNSAFE_IN_JSON, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Returns a value as JSON, with such characters escaped. A bigint is written as a number, with all its digits. */
export const inertJson = (value: unknown): string =>
  escapedInJson(
    JSON.stringify(
      value,
      (_key, each: unknown) => (typeof each === 'bigint' ? `${BIGINT}${each}` : each),
      2,
    ).replace(MARKED, '$1'),
  );
