import { DefaultLogger, type LogMetadata, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { firstFree } from '../local/temporal/ports.js';

/** The SDK's level names. */
type SdkLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

export interface InstalledRuntime {
  /** Loopback port where the SDK's core serves its metrics; null when it serves none. */
  corePort: number | null;
  /** Gives the runtime up; the last user's call shuts it down. Until then it keeps the process alive. */
  release(): Promise<void>;
}

let installed: InstalledRuntime | null = null;
/** Number of users of the runtime in this process. */
let users = 0;

/**
 * Installs the SDK's runtime, of which a process has one. Its lines and those of its native core go to our log, and it
 * stops no worker on a signal. `metrics`: whether the core serves its own.
 */
export async function installRuntime(log: Logger, metrics: boolean): Promise<InstalledRuntime> {
  users += 1;
  if (installed !== null) return installed;
  const corePort = metrics ? await firstFree([]) : null;
  const verbose = log.isLevelEnabled('debug');
  const level: SdkLevel = verbose ? 'DEBUG' : log.isLevelEnabled('info') ? 'INFO' : 'WARN';
  const runtime = Runtime.install({
    // The host process decides what a signal means.
    shutdownSignals: [],
    logger: new DefaultLogger(level, ({ level: sdkLevel, message, meta }) =>
      log[levelFor(sdkLevel, message)](fieldsOf(meta), message),
    ),
    telemetryOptions: {
      logging: {
        filter: makeTelemetryFilterString({ core: verbose ? 'DEBUG' : 'WARN', other: 'ERROR' }),
        forward: {},
      },
      ...(corePort !== null && {
        metrics: {
          prometheus: {
            bindAddress: `127.0.0.1:${corePort}`,
            countersTotalSuffix: true,
            unitSuffix: true,
            useSecondsForDurations: true,
          },
        },
      }),
    },
  });
  installed = {
    corePort,
    async release() {
      users -= 1;
      if (users === 0) await runtime.shutdown();
    },
  };
  return installed;
}

/** For a process whose worker never began: forwarding the core's lines would keep it alive for ever. */
export async function endRuntime(): Promise<void> {
  if (installed === null || users > 0) return;
  installed = null;
  await Runtime.instance()
    .shutdown()
    .catch(() => undefined);
}

/** Warnings about a worker for one store's activities, which has neither on purpose. */
const NOT_NEWS = /^No (workflows|Nexus services) registered/;

const levelFor = (level: string, message: string): ReturnType<typeof levelOf> =>
  NOT_NEWS.test(message) ? 'debug' : levelOf(level);

const levelOf = (level: string): 'debug' | 'info' | 'warn' | 'error' =>
  level === 'TRACE' || level === 'DEBUG' ? 'debug' : (level.toLowerCase() as 'info' | 'warn' | 'error');

/** The SDK's field names and ours for the same thing. */
const NAMES: Readonly<Record<string, string>> = {
  sdkComponent: 'sdk',
  workflowId: 'workflow',
  runId: 'execution',
  activityType: 'activity',
  durationMs: 'duration_ms',
  error: 'err',
};
/** Fields that are the same on every line, or of use to the SDK alone. */
const LEFT_OUT = new Set(['taskToken', 'taskQueue', 'namespace', 'activityId', 'isLocal', 'workflowType']);

function fieldsOf(meta: LogMetadata | undefined): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(meta ?? {}))
    if (!LEFT_OUT.has(name) && (typeof value !== 'object' || value instanceof Error))
      fields[NAMES[name] ?? name] = value;
  return { sdk: 'sdk', ...fields };
}
