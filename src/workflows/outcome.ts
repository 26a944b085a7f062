import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { FailureType } from '../contract/failure.js';

/** Why a batch ended without a result. */
export interface BatchFailure {
  type: FailureType | 'Lost';
  message: string;
  retryAfterMs: number | null;
  /** Nanodollars that a batch needs when it outgrew its reservation. */
  needNanos?: number | null;
  /** Part of `needNanos` that its attempts so far may have cost. */
  spentNanos?: number | null;
  /** Tries of the same activity that failed before this one. */
  tries: number;
  /** The canary request failed: no text would pass now. */
  canary?: boolean;
}

/** Describes the error of a batch. `Lost`: its worker vanished; the batch is sent again without using a retry. */
export function describeFailure(error: unknown): BatchFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) {
    const { tries = 0 } = (cause.lastHeartbeatDetails ?? {}) as { tries?: number };
    return { type: 'Lost', message: 'the worker stopped reporting', retryAfterMs: null, tries };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  const known = Object.values(FailureType).find((name) => name === type) ?? FailureType.Transient;
  const detail = cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
  const {
    retryAfterMs = null,
    needNanos = null,
    spentNanos = null,
    tries = 0,
    canary = false,
  } = (detail ?? {}) as Partial<BatchFailure>;
  return { type: known, message, retryAfterMs, needNanos, spentNanos, tries, canary };
}
