import { FailureType } from '../../contract/failure.js';

/** `no`: refused before any work, so surely not billed · `maybe`: perhaps billed, at most what was bound for it. */
export type Billed = 'no' | 'maybe';

export interface Proof {
  /** `400`, a class like `5xx`, or `other`. */
  answer: string;
  billed: Billed;
  /** What becomes of the request where the error's own code says nothing else. */
  type: FailureType;
}

const { Blocked, Rejected, RateLimited, Transient } = FailureType;

/**
 * What each HTTP status proves about the bill, the most specific row first. Only an answer that a provider gives before
 * it does any work proves that nothing was billed: a proxy may lose the answer to work that was done, and report a 408
 * or 5xx of its own. docs/operations.md shows this table, held to it by a test.
 */
export const PROOFS: readonly Proof[] = [
  { answer: '400', billed: 'no', type: Rejected },
  { answer: '401', billed: 'no', type: Blocked },
  { answer: '402', billed: 'no', type: Blocked },
  { answer: '403', billed: 'no', type: Blocked },
  { answer: '404', billed: 'no', type: Blocked },
  { answer: '408', billed: 'maybe', type: Transient },
  { answer: '409', billed: 'maybe', type: Transient },
  { answer: '413', billed: 'no', type: Rejected },
  { answer: '422', billed: 'no', type: Rejected },
  { answer: '425', billed: 'maybe', type: Transient },
  { answer: '429', billed: 'no', type: RateLimited },
  { answer: '3xx', billed: 'maybe', type: Blocked },
  { answer: '4xx', billed: 'maybe', type: Blocked },
  { answer: '5xx', billed: 'maybe', type: Transient },
  { answer: 'other', billed: 'maybe', type: Blocked },
];

/** The row of an HTTP error status. */
export function proofOf(status: number): Proof {
  const names = [String(status), `${Math.floor(status / 100)}xx`, 'other'];
  return PROOFS.find(({ answer }) => names.includes(answer)) as Proof;
}

/** What an error answer is, besides its status. */
export interface Evidence {
  /** It came inside a 200: the code of its error stands for the status. */
  inside200: boolean;
  /** Its body is JSON, as providers write their errors: no page, no plain text, not empty, not cut short. */
  ownError: boolean;
  /** It holds vectors, or says that something was used. */
  workDone: boolean;
}

/**
 * Whether an error answer proves that nothing was billed. A status does so only with the provider's own error and
 * without a trace of work: a proxy may report any status of its own, with a page of its own, after the work was done.
 */
export const billedBy = (status: number, { inside200, ownError, workDone }: Evidence): Billed =>
  inside200 || !ownError || workDone ? 'maybe' : proofOf(status).billed;
