import { ExitCode } from './exit-codes.js';

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
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
  host.on('SIGINT', on);
  host.on('SIGTERM', on);
  return {
    caught,
    forget() {
      host.off('SIGINT', on);
      host.off('SIGTERM', on);
    },
  };
}
