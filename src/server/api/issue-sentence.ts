import type { z } from '@hono/zod-openapi';

type Issue = z.core.$ZodIssue;

const listed = (values: readonly unknown[]): string =>
  values.length < 2 ? String(values[0] ?? '') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  array: 'a list',
  object: 'an object',
};

/** Returns a sentence: what is wrong in a request, and what to do. Messages of our own schemas already end that way. */
export function issueSentence(issue: Issue, whole: string): string {
  const name = issue.path.length === 0 ? whole : issue.path.join('.');
  switch (issue.code) {
    case 'invalid_type': {
      // An issue does not contain the value, so the message is parsed.
      const received = /received (\w+)/.exec(issue.message)?.[1];
      if (received === 'undefined')
        return `${name} is missing: give ${KINDS[issue.expected] ?? issue.expected}`;
      if (received === 'array' && issue.expected === 'string') return `${name} is given twice: give it once`;
      return `${name} must be ${KINDS[issue.expected] ?? issue.expected}`;
    }
    case 'invalid_value':
      return `${name} must be ${listed(issue.values)}`;
    case 'invalid_union':
      return `${name} must be a number or text`;
    case 'too_small':
      return issue.origin === 'string' ? `${name} is empty: give some text` : `${name} ${issue.message}`;
    default:
      return `${name} ${issue.message}`;
  }
}
