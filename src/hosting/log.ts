import { type Logger, pino } from 'pino';
import { hideKnown } from '../hide-secrets.js';
import { activityFields } from './activity-log.js';
import { logDestination } from './log-destination.js';

export interface LogOptions {
  /** Where lines go. Default stderr, as stdout is for the command's answer. */
  file?: string;
  /** Values that no line may show, whatever code wrote it; see `secretsOf`. */
  secrets?: readonly string[];
  /** Gets one sentence when the log cannot be written; default: stderr. */
  tell?: (text: string) => void;
}

const toStderr = (text: string): void => void process.stderr.write(`${text}\n`);

/** Creates a log of JSON lines. Lines written inside an activity carry its run, batch and attempt. */
export function createLog(level: string, { file, secrets = [], tell = toStderr }: LogOptions = {}): Logger {
  const verbose = level === 'debug' || level === 'trace';
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: activityFields,
      // A line's own fields win: they may be more exact than the activity's context.
      mixinMergeStrategy: (own, context) => ({ ...context, ...own }),
      serializers: { err: (error: unknown) => shownError(error, verbose) },
      hooks: { streamWrite: hideKnown(secrets) },
    },
    logDestination(file, tell),
  );
}

/** Returns type and message. The stack, for our own mistakes, only at LOG_LEVEL=debug, as on the command line. */
function shownError(error: unknown, verbose: boolean): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { type = error.name } = error as { type?: unknown };
  const cause = error.cause instanceof Error ? { cause: error.cause.message } : {};
  return { type, message: error.message, ...cause, ...(verbose && { stack: error.stack }) };
}
