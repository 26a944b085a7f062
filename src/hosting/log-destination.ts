import { type DestinationStream, pino } from 'pino';

/** Bytes kept while the log cannot be written; later lines are dropped. */
const KEPT_BYTES = 2 ** 20;

/**
 * Returns where log lines go: `file`, created with mode 0600, or stderr. A log that cannot be written ends no run: its
 * lines are dropped. After a full disk, kept lines are written once there is room. `tell` gets one sentence, the first
 * time.
 */
export function logDestination(file: string | undefined, tell: (text: string) => void): DestinationStream {
  let isReported = false;
  const failed = (error: NodeJS.ErrnoException): void => {
    if (isReported) return;
    isReported = true;
    const what = file === undefined ? 'stderr' : file;
    tell(`the log ${what} cannot be written (${error.message}): going on without it; ${cureOf(error)}`);
  };
  try {
    const stream = pino.destination({
      dest: file ?? 2,
      mkdir: true,
      mode: 0o600,
      sync: true,
      maxLength: KEPT_BYTES,
      // By default pino sleeps until a pipe that nobody reads has room again, and the worker stops with it.
      retryEAGAIN: () => false,
    });
    stream.on('error', failed);
    return stream;
  } catch (error) {
    failed(error as NodeJS.ErrnoException);
    return { write: () => undefined };
  }
}

const cureOf = ({ code }: NodeJS.ErrnoException): string =>
  code === 'ENOSPC' || code === 'EDQUOT'
    ? 'make room on that disk'
    : 'let this user write there, or set EMBEDDINGS_HOME to another folder';
