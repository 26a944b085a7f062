import { join } from 'node:path';
import type { Settings } from '../config.js';
import { createLog } from './log.js';
import { secretsOf } from './secrets-of.js';

/** Where the worker of one-command mode logs. */
export const workerLogFile = ({ home }: Pick<Settings, 'home'>): string => join(home, 'worker.log');

/**
 * The log of a worker that is beside a terminal, which is for people. It makes EMBEDDINGS_HOME: a command that is no
 * worker itself, as all of a cluster's are, opens none.
 */
export const createWorkerLog = (settings: Settings) =>
  createLog(settings.logLevel, { file: workerLogFile(settings), secrets: secretsOf(settings) });
