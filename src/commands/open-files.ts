import { readFileSync } from 'node:fs';
import { usageFault } from '../fault.js';

/** What a run with Temporal's server needs; held by a test. */
const NEEDED = 512;

/**
 * Refuses a process that may open too few files: modules that cannot be opened are otherwise reported as missing, and
 * a run would stop half-way. Asks Linux, the one system that tells for nothing; elsewhere limits are higher.
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
