import type { Settings } from '../../config.js';
import { ownVersion } from '../../version.js';
import { readCoreMetrics } from './core-exporter.js';
import { type EndpointAddress, openEndpoint } from './endpoint.js';
import { createHealth, type HealthCheck } from './health.js';
import type { Instruments } from './instruments.js';

/** What a worker exposes over HTTP. */
export interface Measures {
  /** `http://127.0.0.1:9464`, which serves /healthz and /metrics. */
  url: string;
  instruments: Instruments;
  health: HealthCheck;
  /** Sets the port where the SDK's core serves its own metrics, which /metrics appends. */
  appendCore(port: number | null): void;
  close(): Promise<void>;
}

export interface MeasureOptions {
  /** Serve when the settings do not say; default false. */
  serve?: boolean | undefined;
  buildId?: string | null | undefined;
}

/** Opens the endpoint before the rest of the worker; null when none is wanted. A usage Fault for a bad address. */
export async function openMeasures(
  { metrics, collection }: Pick<Settings, 'metrics'> & { collection: { name: string } },
  { serve = false, buildId = null }: MeasureOptions,
): Promise<Measures | null> {
  if (metrics === 'off' || (metrics === 'default' && !serve)) return null;
  const address: EndpointAddress = metrics === 'default' ? null : metrics;
  // When nothing is served, as in one-command mode, the metrics library is not loaded.
  const { createInstruments } = await import('./instruments.js');
  const instruments = createInstruments({ version: ownVersion(), buildId, collection: collection.name });
  const health = createHealth(buildId);
  let corePort: number | null = null;
  const endpoint = await openEndpoint(address, {
    health: () => health.check(),
    async metrics() {
      const [own, core] = await Promise.all([instruments.text(), readCoreMetrics(corePort)]);
      return { text: `${own}\n${core}`, contentType: instruments.contentType };
    },
  });
  return {
    url: endpoint.url,
    instruments,
    health,
    appendCore(port) {
      corePort = port;
    },
    close: () => endpoint.close(),
  };
}
