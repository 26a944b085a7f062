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

/** JSON of the same value, in which such characters are escaped. */
export const inertJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(
    UNSAFE_IN_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
