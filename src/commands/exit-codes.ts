/** Exit codes of the process. */
export const ExitCode = {
  /** All well. */
  Ok: 0,
  /** Some samples failed. */
  SomeFailed: 1,
  /** Bad usage or configuration: nothing was started. */
  Usage: 2,
  /** Blocked, paused or cancelled: work remains. */
  WorkRemains: 3,
  /** An unexpected error, or an answer that could not be written. */
  Unexpected: 4,
  Interrupted: 130,
} as const;
