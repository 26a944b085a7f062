/**
 * Output that cannot be written ends no command: the process that prints is the one that works. `| head` closes the
 * pipe, a disk fills up, a terminal goes away.
 */

export interface LastingOutput {
  /** Nobody reads stdout any more: printing is all that is lost. */
  readerLeft: AbortSignal;
  /** Why stdout could not be written while somebody may want it, as on a full disk; null: it could. */
  lost(): string | null;
}

/** From now on the first error of stdout or stderr ends that stream, silently where its reader has left. */
export function outliveOutput({ stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>): LastingOutput {
  const left = new AbortController();
  let lost: string | null = null;
  stderr.on('error', () => mute(stderr));
  stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    mute(stdout);
    if (code === 'EPIPE') left.abort();
    else if (lost === null) {
      lost = code ?? message;
      stderr.write(`stdout cannot be written (${lost}): the command goes on without it\n`);
    }
  });
  return { readerLeft: left.signal, lost: () => lost };
}

/** Drops what is written from now on: each further try would be an error of its own. */
function mute(stream: NodeJS.WriteStream): void {
  stream.write = (...args: unknown[]): boolean => {
    const done = args.at(-1);
    if (typeof done === 'function') process.nextTick(done as () => void);
    return true;
  };
}
