import type { KeyObject } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { loadClientConfigProfile, loadClientConnectConfig } from '@temporalio/envconfig';
import type { Settings } from '../config.js';
import { Fault, usageFault } from '../fault.js';
import { shownPath, shownValue } from '../hide-secrets.js';

type ConnectionOptions = ReturnType<typeof loadClientConnectConfig>['connectionOptions'];

/** A Temporal server: how to reach it, and how to release it. */
export interface TemporalTarget {
  connectionOptions: ConnectionOptions & { address: string };
  namespace: string;
  /** Encrypts the payloads there; null when they are plain. */
  codecKey: KeyObject | null;
  /** True in one-command mode: the server is ours, on loopback, with its database under EMBEDDINGS_HOME. */
  embedded: boolean;
  /** Address of its Web UI; null when we do not know it. */
  uiUrl: string | null;
  /** Releases an embedded server, which stops after its last user has released it. */
  end(): Promise<void>;
}

/** Returns the Temporal of TEMPORAL_ADDRESS or of a profile in Temporal's configuration file. Null: none is named. */
export function configuredTemporal(settings: Settings): TemporalTarget | null {
  try {
    const overrideEnvVars = settings.environment;
    if (!loadClientConfigProfile({ overrideEnvVars }).address) return null;
    checkTls(overrideEnvVars);
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars });
    const address = checkedAddress(connectionOptions.address ?? '');
    checkSources(settings, connectionOptions.apiKey !== undefined);
    const end = async (): Promise<void> => undefined;
    return {
      connectionOptions: safeConnection({ ...connectionOptions, address }),
      namespace: namespace ?? 'default',
      codecKey: settings.codecKey,
      embedded: false,
      uiUrl: null,
      end,
    };
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw unreadableSettings(error as NodeJS.ErrnoException);
  }
}

/** Returns a Fault about Temporal's own configuration file, which every command looks for. */
function unreadableSettings(error: NodeJS.ErrnoException): Fault {
  const place =
    "Temporal's own configuration file (TEMPORAL_CONFIG_FILE, or temporalio/temporal.toml in the configuration folder of HOME)";
  const cure = /^(EACCES|EPERM)$/.test(error.code ?? '')
    ? 'let this user read it and its folder, or set HOME to a folder of this user'
    : 'correct or remove it, and the settings TEMPORAL_…';
  return usageFault(`${place} cannot be read (${error.message}): ${cure}`, error);
}

/** Throws unless it is host:port. It may be a secret in the wrong variable: it is not shown or looked up. */
function checkedAddress(address: string): string {
  if (/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(address)) return address;
  throw usageFault(`TEMPORAL_ADDRESS must be host:port, got ${shownValue(address)}`);
}

/** Checks what settings/one-source.ts checks, for a key in Temporal's own configuration file. */
function checkSources({ fromFile, environment }: Settings, hasKey: boolean): void {
  if (hasKey && fromFile.has('TEMPORAL_ADDRESS') && environment.TEMPORAL_API_KEY === undefined)
    throw usageFault(
      "TEMPORAL_ADDRESS is set in .env, but the API key comes from Temporal's configuration file and would be sent there: set TEMPORAL_ADDRESS in the environment, or in that file",
    );
}

/** Refuses settings that the SDK would ignore silently, or report without the setting's name. */
function checkTls(env: Record<string, string>): void {
  for (const [name, path] of Object.entries(env))
    if (/^TEMPORAL_TLS_.*_PATH$/.test(name) && !isReadable(path))
      throw usageFault(`${name}: the file ${shownPath(path)} does not exist or cannot be read`);
  const has = (what: string): boolean =>
    ['PATH', 'DATA'].some((form) => `TEMPORAL_TLS_${what}_${form}` in env);
  if (has('CLIENT_CERT') !== has('CLIENT_KEY')) {
    const missing = has('CLIENT_CERT') ? 'KEY' : 'CERT';
    throw usageFault(
      `TEMPORAL_TLS_CLIENT_${missing}_PATH must be set too: a client certificate and its key belong together`,
    );
  }
  if (/^(true|1)$/i.test(env.TEMPORAL_TLS_DISABLE_HOST_VERIFICATION ?? ''))
    throw usageFault(
      'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not supported: name the CA in TEMPORAL_TLS_SERVER_CA_CERT_PATH, and the name in TEMPORAL_TLS_SERVER_NAME where it differs',
    );
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Refuses an API key that the network could read. TEMPORAL_API_KEY turns TLS on unless TEMPORAL_TLS=false. */
function safeConnection<T extends { address: string; apiKey?: unknown; tls?: unknown }>(options: T): T {
  const { address, apiKey, tls } = options;
  if (apiKey !== undefined && !tls && !/^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(address))
    throw usageFault(
      `TEMPORAL_API_KEY would be sent unencrypted: TEMPORAL_TLS is off and TEMPORAL_ADDRESS is ${address}; remove TEMPORAL_TLS`,
    );
  return options;
}

/** Exit code: work remains. */
const MOVED = 3;

/**
 * Returns the embedded server, started when none is running. Ends the process if the server has to move. `onStarting`
 * is called when a server is about to be started.
 */
export async function embeddedTemporal(
  settings: Settings,
  log: (line: string) => void,
  onStarting: () => void = () => undefined,
): Promise<TemporalTarget> {
  const { leaseLocalTemporal } = await import('../local/temporal/connect.js');
  const lease = await leaseLocalTemporal({
    home: settings.home,
    cliPath: settings.temporalCliPath,
    pathVar: settings.pathVariable,
    cacheDir: settings.cacheDir,
    log,
    onStarting,
    // A worker cannot follow the server, nor end in order: it would wait for the old address for ever. So the process
    // ends at once, which every run survives.
    onMoved: (address) => {
      log(`The local Temporal server is now at ${address}, as its port was taken: run this command again.`);
      process.exit(MOVED);
    },
  });
  return {
    connectionOptions: { address: lease.address },
    namespace: 'default',
    codecKey: settings.codecKey,
    embedded: true,
    uiUrl: lease.uiUrl,
    end: () => lease.end(),
  };
}

/** Returns the configured Temporal, or the embedded one. */
export const openTemporal = async (
  settings: Settings,
  log: (line: string) => void,
  onStarting?: () => void,
): Promise<TemporalTarget> =>
  configuredTemporal(settings) ?? (await embeddedTemporal(settings, log, onStarting));

/** Returns the Temporal that is up, without starting one; null in one-command mode while no command is running. */
export async function findTemporal(settings: Settings): Promise<TemporalTarget | null> {
  const configured = configuredTemporal(settings);
  if (configured !== null) return configured;
  const { peekLocalTemporal } = await import('../local/temporal/connect.js');
  const up = await peekLocalTemporal(settings.home);
  if (up === null) return null;
  const end = async (): Promise<void> => undefined;
  return {
    connectionOptions: { address: up.address },
    namespace: 'default',
    codecKey: settings.codecKey,
    embedded: true,
    uiUrl: up.uiUrl,
    end,
  };
}

/** Returns the web address of the run's page; null when the Web UI is not known. */
export const runPage = (target: TemporalTarget, workflowId: string, runId?: string): string | null =>
  target.uiUrl === null
    ? null
    : `${target.uiUrl}/namespaces/${target.namespace}/workflows/${workflowId}${runId === undefined ? '' : `/${runId}/history`}`;
