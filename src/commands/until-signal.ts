import { readFileSync } from 'node:fs';
import { ExitCode } from './exit-codes.js';

/**
 * What tells a command to end: SIGINT, SIGTERM, and SIGHUP of a terminal that closes, unless it was started so as to
 * outlive its terminal (nohup, which has SIGHUP ignored).
 */
export function endingSignals(): NodeJS.Signals[] {
  return ['SIGINT', 'SIGTERM', ...(outlivesTerminal() ? [] : (['SIGHUP'] as const))];
}

/** Where it cannot be told (there is no /proc), SIGHUP is left as it is. */
export function outlivesTerminal(): boolean {
  try {
    const ignored = /^SigIgn:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return ignored === undefined || (BigInt(`0x${ignored}`) & 1n) === 1n;
  } catch {
    return true;
  }
}

/** Resolves at the first of these signals; a second one ends the process at once. */
export function untilSignal(host: NodeJS.Process): { caught: Promise<void>; forget(): void } {
  let first = true;
  let resolve: () => void = () => undefined;
  const caught = new Promise<void>((done) => {
    resolve = done;
  });
  const on = (): void => {
    if (!first) host.exit(ExitCode.Interrupted);
    first = false;
    resolve();
  };
  const signals = endingSignals();
  for (const signal of signals) host.on(signal, on);
  return {
    caught,
    forget() {
      for (const signal of signals) host.off(signal, on);
    },
  };
}
