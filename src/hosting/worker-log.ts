import { join } from 'node:path';
import type { Settings } from '../config.js';
import { createLog } from './log.js';
import { secretsOf } from './secrets-of.js';

/** Returns the log file of one-command mode's worker. */
export const workerLogFile = ({ home }: Pick<Settings, 'home'>): string => join(home, 'worker.log');

/**
 * Creates the log of a worker that runs beside a terminal, which is for people. It creates EMBEDDINGS_HOME, so a
 * command without a worker of its own, as all of a cluster's are, opens none.
 */
export const createWorkerLog = (settings: Settings) =>
  createLog(settings.logLevel, { file: workerLogFile(settings), secrets: secretsOf(settings) });
