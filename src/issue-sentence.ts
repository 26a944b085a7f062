import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Returns a list in words: `a, b or c`. */
const anyOf = (values: readonly unknown[]): string =>
  values.length < 2 ? String(values[0] ?? '') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};
const kindOf = (expected: string): string => KINDS[expected] ?? expected;

const count = (number: number | bigint): string => number.toLocaleString('en');

/** Characters. A longer text is not repeated in a message. */
const LONGEST_SHOWN = 40;

/** Returns `, got …` for a value that was given; empty for a value that was not. */
export function gotOf(value: unknown): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return ', got a list';
  if (value !== null && typeof value === 'object') return ', got an object';
  return `, got ${typeof value === 'string' && value.length > LONGEST_SHOWN ? 'a long text' : JSON.stringify(value)}`;
}

/** Returns the word of a message after `received`. An issue does not contain the value unless `reportInput` is set. */
export const receivedIn = (issue: Issue): string | undefined => /received (\w+)/.exec(issue.message)?.[1];

/**
 * Returns a sentence: what is wrong in a request, and what to do. Values are repeated in it where the schema was parsed
 * with `reportInput`. `whole`: the name of what was parsed.
 */
export function issueSentence(issue: Issue, whole: string): string {
  const name = issue.path.length === 0 ? whole : issue.path.join('.');
  return `${name} ${predicateOf(issue)}`;
}

function predicateOf(issue: Issue): string {
  const got = gotOf(issue.input);
  // Messages of our own schemas end with the cure. Those of zod begin with a capital.
  if (!/^[A-Z]/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return receivedIn(issue) === 'undefined'
        ? `is missing: give ${kindOf(issue.expected)}`
        : `must be ${kindOf(issue.expected)}${got}`;
    case 'invalid_value':
      return `must be ${anyOf(issue.values)}${got}`;
    case 'invalid_union': {
      const kinds = issue.errors.flatMap(([first]) =>
        first?.code === 'invalid_type' && first.path.length === 0 ? [first] : [],
      );
      if (kinds.length === 0) return `cannot be used${got}: leave it out or write it in another way`;
      const words = anyOf([...new Set(kinds.map(({ expected }) => kindOf(expected)))]);
      return kinds.some((each) => receivedIn(each) === 'undefined')
        ? `is missing: give ${words}`
        : `must be ${words}${got}`;
    }
    case 'too_small':
      if (issue.origin === 'string') return 'is empty: give some text';
      if (issue.origin === 'array') return `has too few entries: give ${count(issue.minimum)} or more`;
      return `must be at least ${count(issue.minimum)}${got}`;
    case 'too_big':
      if (issue.origin === 'string') return `has more than ${count(issue.maximum)} characters: give fewer`;
      if (issue.origin === 'array') return `has more than ${count(issue.maximum)} entries: leave some out`;
      return `must be at most ${count(issue.maximum)}${got}`;
    case 'unrecognized_keys':
      return `has ${issue.keys[0]}, which is not known here: leave it out`;
    default:
      return `cannot be used${got}: leave it out or write it in another way`;
  }
}
