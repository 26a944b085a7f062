import { DefaultLogger, type LogMetadata, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { firstFree } from '../local/temporal/ports.js';

/** Our level names and the SDK's. */
type SdkLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

export interface InstalledRuntime {
  /** Where the SDK's core serves its metrics on loopback; null: nowhere. */
  corePort: number | null;
  /** Ends it where no worker came to do so: until then it keeps the process alive. */
  release(): Promise<void>;
}

let installed: InstalledRuntime | null = null;
/** Workers of this process that use it. */
let users = 0;

/**
 * The SDK's runtime, of which a process has one: its lines, those of its native core included, go to our log, and no
 * signal ends a worker but by us. `metrics`: whether the core serves its own.
 */
export async function installRuntime(log: Logger, metrics: boolean): Promise<InstalledRuntime> {
  users += 1;
  if (installed !== null) return installed;
  const corePort = metrics ? await firstFree([]) : null;
  const verbose = log.isLevelEnabled('debug');
  const level: SdkLevel = verbose ? 'DEBUG' : log.isLevelEnabled('info') ? 'INFO' : 'WARN';
  const runtime = Runtime.install({
    // A host process decides itself what a signal means.
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

/** For a process whose worker never began: the forwarding of the core's lines would hold it for ever. */
export async function endRuntime(): Promise<void> {
  if (installed === null || users > 0) return;
  installed = null;
  await Runtime.instance()
    .shutdown()
    .catch(() => undefined);
}

/** A worker for one store's activities has neither, on purpose. */
const NOT_NEWS = /^No (workflows|Nexus services) registered/;

const levelFor = (level: string, message: string): ReturnType<typeof levelOf> =>
  NOT_NEWS.test(message) ? 'debug' : levelOf(level);

const levelOf = (level: string): 'debug' | 'info' | 'warn' | 'error' =>
  level === 'TRACE' || level === 'DEBUG' ? 'debug' : (level.toLowerCase() as 'info' | 'warn' | 'error');

/** The SDK's names for what our own lines name too. */
const NAMES: Readonly<Record<string, string>> = {
  sdkComponent: 'sdk',
  workflowId: 'workflow',
  runId: 'execution',
  activityType: 'activity',
  durationMs: 'duration_ms',
  error: 'err',
};
/** The same on every line, or of use to the SDK alone. */
const LEFT_OUT = new Set(['taskToken', 'taskQueue', 'namespace', 'activityId', 'isLocal', 'workflowType']);

function fieldsOf(meta: LogMetadata | undefined): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(meta ?? {}))
    if (!LEFT_OUT.has(name) && (typeof value !== 'object' || value instanceof Error))
      fields[NAMES[name] ?? name] = value;
  return { sdk: 'sdk', ...fields };
}
