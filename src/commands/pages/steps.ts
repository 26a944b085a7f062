import type { Console } from '../console.js';

/** Shows the current step of making a page: on one live line of a terminal, elsewhere each step once. */
export function createSteps({ stderr }: Console) {
  let last = '';
  return {
    progress(what: string, share: number): void {
      const line = stderr.isTTY ? `${what} ${Math.floor(100 * Math.min(1, share))}%` : what;
      if (line === last) return;
      last = line;
      stderr.write(stderr.isTTY ? `\r\u001b[K  ${line}` : `${line}…\n`);
    },
    end(): void {
      if (stderr.isTTY && last !== '') stderr.write('\r\u001b[K');
    },
  };
}
