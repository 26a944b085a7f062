import { randomUUID } from 'node:crypto';

/** Begins the text that stands for a number until its place is known. Random, so that foreign text cannot begin so. */
const MARK = `number-${randomUUID()}:`;
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g');
/** A string, which is passed over, or a number. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Shorter numbers without an exponent keep all their digits. */
const MAY_LOSE = /[\d.]{16}|\d[eE][+-]?\d/;

/**
 * Parses JSON as JSON.parse does, with each number that a JavaScript number would alter (9007199254740993, 1e400) as
 * the text of the file: different ids stay different. Such numbers within lists and objects are written back as they
 * were by `jsonOf`, and read by `textOfNumber`. Throws a SyntaxError for text that is no JSON.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!MAY_LOSE.test(text)) return value;
  let altered = false;
  const marked = text.replace(TOKEN, (token) => {
    if (token.startsWith('"') || isKept(token)) return token;
    altered = true;
    return `"${MARK}${token}"`;
  });
  return altered ? JSON.parse(marked) : value;
}

/** Returns the text, without the mark where it stands for a number. */
export const textOfNumber = (text: string): string =>
  text.startsWith(MARK) ? text.slice(MARK.length) : text;

/** Returns a value of parseJson as JSON, with the numbers of the file. */
export const jsonOf = (value: unknown): string => JSON.stringify(value).replace(MARKED, '$1');

/** Returns whether a JavaScript number keeps the digits of a JSON number; those at the end that are 0 do not count. */
function isKept(written: string): boolean {
  const number = Number(written);
  if (/^-?\d+$/.test(written)) return Number.isSafeInteger(number);
  return Number.isFinite(number) && digitsOf(written) === digitsOf(String(number));
}

/** Returns a number's digits and exponent in one form for all notations: 12.50, 125e-1 and 1.25E1 give `125e-1`. */
function digitsOf(written: string): string {
  const [, sign = '', whole = '', part = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(written) ?? [];
  const digits = `${whole}${part}`.replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  if (short === '') return '0';
  return `${sign}${short}e${Number(exponent) - part.length + digits.length - short.length}`;
}
