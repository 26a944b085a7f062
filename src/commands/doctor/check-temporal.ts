import type { Settings } from '../../config.js';
import { connectClient } from '../../hosting/client.js';
import { configuredTemporal, embeddedTemporal } from '../../hosting/temporal.js';
import { checkDatabase } from '../../local/temporal/check-database.js';

/**
 * Connects to the Temporal that is configured. Our own is started, as a run would, and let go again; its database is
 * read through before, since a server starts on one that is damaged further inside.
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
  return configured === null ? 'our own: it starts and answers' : `${address}, namespace ${target.namespace}`;
}
