import { readFileSync } from 'node:fs';
import { ExitCode } from './exit-codes.js';

/**
 * Returns the signals that end a command: SIGINT, SIGTERM, and SIGHUP when the terminal closes. SIGHUP is left out if
 * the command was started so as to outlive its terminal (nohup, which ignores SIGHUP).
 */
export function endingSignals(): NodeJS.Signals[] {
  return ['SIGINT', 'SIGTERM', ...(ignoresHangup() ? [] : (['SIGHUP'] as const))];
}

/** Returns true as well if it cannot be known (there is no /proc): SIGHUP then keeps its default action. */
export function ignoresHangup(): boolean {
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
