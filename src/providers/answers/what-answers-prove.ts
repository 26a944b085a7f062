import { FailureType } from '../../contract/failure.js';

/** `no`: refused before any work, so surely not billed · `maybe`: perhaps billed, at most the attempt's bound. */
export type Billed = 'no' | 'maybe';

export interface Proof {
  /** `400`, a class like `5xx`, or `other`. */
  answer: string;
  billed: Billed;
  /** The failure type, unless the error's own code says otherwise. */
  type: FailureType;
}

const { Blocked, Rejected, RateLimited, Transient } = FailureType;

/**
 * What each HTTP status proves about the bill, the most specific row first. Only an answer that a provider gives before
 * it does any work proves that nothing was billed. A proxy may lose the answer to work that was done, and report a 408
 * or 5xx of its own. docs/operations.md shows this table; a test keeps both equal.
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

/** Returns the row of an HTTP error status. */
export function proofOf(status: number): Proof {
  const names = [String(status), `${Math.floor(status / 100)}xx`, 'other'];
  return PROOFS.find(({ answer }) => names.includes(answer)) as Proof;
}

/** Properties of an error answer besides its status. */
export interface Evidence {
  /** The error came inside a 200; its code replaces the status. */
  inside200: boolean;
  /** The body is JSON, as in providers' errors: not a page, plain text, empty or truncated. */
  ownError: boolean;
  /** The body holds vectors, or reports usage. */
  workDone: boolean;
}

/**
 * Returns whether an error answer proves that nothing was billed. A status does so only with the provider's own error
 * and without signs of work: a proxy may report any status, with its own page, after the work was done.
 */
export const billedBy = (status: number, { inside200, ownError, workDone }: Evidence): Billed =>
  inside200 || !ownError || workDone ? 'maybe' : proofOf(status).billed;
