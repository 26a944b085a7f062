/** What the process's exit code says. */
export const ExitCode = {
  /** All well. */
  Ok: 0,
  /** Some samples failed. */
  SomeFailed: 1,
  /** Bad usage or configuration: nothing was begun. */
  Usage: 2,
  /** Blocked, paused or cancelled: work remains. */
  WorkRemains: 3,
  Interrupted: 130,
} as const;
