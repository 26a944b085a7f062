import { type Logger, pino } from 'pino';

/** JSON lines on stderr, or in a file of mode 0600; stdout belongs to the command's answer. */
export function createLog(level: string, file?: string): Logger {
  const destination =
    file === undefined
      ? pino.destination({ dest: 2, sync: true })
      : pino.destination({ dest: file, mkdir: true, mode: 0o600, sync: true });
  return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
