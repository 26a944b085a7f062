import type { z } from '@hono/zod-openapi';
import { receivedIn, issueSentence as sentenceOf } from '../../issue-sentence.js';

type Issue = z.core.$ZodIssue;

/** Returns a sentence: what is wrong in a request, and what to do. `whole`: `the body`, or `the request` for its query. */
export function issueSentence(issue: Issue, whole: string): string {
  const repeated =
    whole !== 'the body' &&
    issue.code === 'invalid_type' &&
    issue.expected === 'string' &&
    receivedIn(issue) === 'array';
  return repeated ? `${issue.path.join('.')} is given twice: give it once` : sentenceOf(issue, whole);
}
