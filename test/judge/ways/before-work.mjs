import { refusal } from '../provider/replies.mjs';
import { atRequests } from './patterns.mjs';
import { way } from './way.mjs';

/** Refused before any work: nothing is charged, so nothing may be booked as perhaps charged. */

const stops = (status, message) =>
  way(
    `refused, ${status}`,
    'the account is refused once, before any work',
    () => ({ reply: atRequests([3], () => refusal(status, message, { billed: false }))() }),
    { resumes: 1 },
  );

export const BEFORE_WORK = [
  stops(401, 'User not found.'),
  stops(402, 'Insufficient credits'),
  stops(403, 'Key limit exceeded'),
  stops(404, 'No endpoints found for this model'),
  way('refused, 413', 'more than five texts a request are too large', () => ({
    reply: (request) =>
      request.texts.length > 5 ? refusal(413, 'Request too large', { billed: false }) : undefined,
  })),
  way('refused, 429', 'refused now and then, and told to wait a second', () => ({
    reply: atRequests([2, 5], () =>
      refusal(429, 'Rate limit exceeded', { billed: false, headers: { 'retry-after': '1' } }),
    )(),
  })),
];
