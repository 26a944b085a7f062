import { readFileSync } from 'node:fs';
import { usageFault } from '../fault.js';

/** Open files that a run with a local Temporal server needs; a test checks the number. */
const NEEDED = 512;

/**
 * Throws if this process may open too few files. Without this check, modules that cannot be opened are reported as
 * missing, and a run would stop half-way. Checks only Linux, where reading the limit is free; other systems have higher
 * limits.
 */
export function checkOpenFiles(limits: () => string = () => readFileSync('/proc/self/limits', 'utf8')): void {
  const allowed = Number(/^Max open files\s+(\d+)/m.exec(textOf(limits))?.[1] ?? Number.POSITIVE_INFINITY);
  if (allowed < NEEDED)
    throw usageFault(
      `this process may open ${allowed} files at once and needs ${NEEDED}; raise the limit: ulimit -n 1024`,
    );
}

const textOf = (read: () => string): string => {
  try {
    return read();
  } catch {
    return '';
  }
};
