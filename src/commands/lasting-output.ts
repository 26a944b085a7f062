/**
 * An output error never ends a command, because the process that prints also does the work. Examples: `| head` closes
 * the pipe, the disk is full, the terminal is closed.
 */

export interface LastingOutput {
  /** Aborted when the reader of stdout has gone: only the output is lost. */
  readerLeft: AbortSignal;
  /**
   * Returns why stdout could not be written although its reader may still be there, such as a full disk; null: no
   * error.
   */
  lost(): string | null;
}

/** Handles errors of stdout and stderr: the first one stops output to that stream, silently if its reader has gone. */
export function surviveOutputErrors({
  stdout,
  stderr,
}: Pick<NodeJS.Process, 'stdout' | 'stderr'>): LastingOutput {
  const left = new AbortController();
  let lost: string | null = null;
  stderr.on('error', () => mute(stderr));
  stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    mute(stdout);
    if (code === 'EPIPE') left.abort();
    else if (lost === null) {
      lost = code ?? message;
      stderr.write(`stdout cannot be written (${lost}): nothing more is printed there\n`);
    }
  });
  return { readerLeft: left.signal, lost: () => lost };
}

/** Discards later writes: each would cause another error. */
function mute(stream: NodeJS.WriteStream): void {
  stream.write = (...args: unknown[]): boolean => {
    const done = args.at(-1);
    if (typeof done === 'function') process.nextTick(done as () => void);
    return true;
  };
}
