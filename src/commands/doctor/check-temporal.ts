import type { Settings } from '../../config.js';
import { connectClient } from '../../hosting/client.js';
import { configuredTemporal, embeddedTemporal } from '../../hosting/temporal.js';
import { checkDatabase } from '../../local/temporal/check-database.js';

/**
 * Connects to the configured Temporal. In one-command mode starts the local server, as a run would, and releases it.
 * Reads the server's database through first: a server starts even if parts of its file are damaged.
 */
export async function checkTemporal(settings: Settings): Promise<string> {
  const configured = configuredTemporal(settings);
  if (configured === null) await checkDatabase(settings.home);
  const target = configured ?? (await embeddedTemporal(settings, () => undefined));
  try {
    const client = await connectClient(target);
    await client.connection.close();
  } finally {
    await target.end();
  }
  const { address } = target.connectionOptions;
  return configured === null
    ? 'the program’s own server: it starts and answers'
    : `${address}, namespace ${target.namespace}`;
}
