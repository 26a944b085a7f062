import type { Settings } from '../../config.js';
import { ownVersion } from '../../version.js';
import { readCoreMetrics } from './core-exporter.js';
import { type EndpointAddress, openEndpoint } from './endpoint.js';
import { createHealth, type HealthDesk } from './health.js';
import type { Instruments } from './instruments.js';

/** What a worker shows of itself over HTTP. */
export interface Measures {
  /** `http://127.0.0.1:9464`: /healthz and /metrics are there. */
  url: string;
  instruments: Instruments;
  health: HealthDesk;
  /** Where the SDK's core serves its own metrics: /metrics appends them. */
  appendCore(port: number | null): void;
  close(): Promise<void>;
}

export interface MeasureOptions {
  /** Serve where the settings do not say; default false. */
  serve?: boolean | undefined;
  buildId?: string | null | undefined;
}

/** Opens the endpoint, before anything else of the worker; null where none is wanted. A usage Fault for a taken address. */
export async function openMeasures(
  { metrics, collection }: Pick<Settings, 'metrics'> & { collection: { name: string } },
  { serve = false, buildId = null }: MeasureOptions,
): Promise<Measures | null> {
  if (metrics === 'off' || (metrics === 'default' && !serve)) return null;
  const address: EndpointAddress = metrics === 'default' ? null : metrics;
  // Where nothing is served, as in one-command mode, its library is not loaded.
  const { createInstruments } = await import('./instruments.js');
  const instruments = createInstruments({ version: ownVersion(), buildId, collection: collection.name });
  const health = createHealth(buildId);
  let corePort: number | null = null;
  const endpoint = await openEndpoint(address, {
    health: () => health.look(),
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
