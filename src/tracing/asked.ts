/** Reads what the environment says of traces, in OpenTelemetry's own variables. Loads nothing of OpenTelemetry. */

type Environment = Readonly<Record<string, string | undefined>>;

const SWITCHES = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_TRACES_EXPORTER',
] as const;

const settingOf = (env: Environment, name: string): string => env[name]?.trim() ?? '';

/** Returns whether traces are wanted: a destination is named, and nothing turns them off. */
export const areTracesEnabled = (env: Environment): boolean =>
  SWITCHES.some((name) => settingOf(env, name) !== '') &&
  settingOf(env, 'OTEL_SDK_DISABLED').toLowerCase() !== 'true' &&
  settingOf(env, 'OTEL_TRACES_EXPORTER').toLowerCase() !== 'none';

export type Protocol = 'http/protobuf' | 'http/json';

/** Returns how spans are sent. Default: http/protobuf, as OpenTelemetry defines. */
export const protocolOf = (env: Environment): Protocol =>
  named(env) === 'http/json' ? 'http/json' : 'http/protobuf';

/** Returns why spans cannot be sent as the environment asks, with the cure; null: they can. */
export function exportProblem(env: Environment): string | null {
  const exporters = settingOf(env, 'OTEL_TRACES_EXPORTER').toLowerCase();
  if (exporters !== '' && !exporters.split(/\s*,\s*/).includes('otlp'))
    return `OTEL_TRACES_EXPORTER is ${exporters.slice(0, 40)}, which this program cannot send to: set it to otlp`;
  const protocol = named(env);
  if (protocol !== '' && protocol !== 'http/protobuf' && protocol !== 'http/json')
    return (
      `OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol.slice(0, 40)}, which this program does not speak: set it to ` +
      "http/protobuf, and the endpoint to the collector's port for HTTP (4318)"
    );
  for (const name of SWITCHES.slice(0, 2)) {
    const url = settingOf(env, name);
    if (url !== '' && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      return `${name} must be an http or https URL like http://localhost:4318`;
  }
  return null;
}

const named = (env: Environment): string =>
  (
    settingOf(env, 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') || settingOf(env, 'OTEL_EXPORTER_OTLP_PROTOCOL')
  ).toLowerCase();
