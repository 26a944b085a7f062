import { createHash } from 'node:crypto';
import { blockedFault, usageFault } from '../fault.js';
import { checkedBaseUrl } from '../providers/http/base-url.js';
import { readActivity } from './read-activity.js';
import type { Activity } from './types.js';

const TIMEOUT_MS = 30_000;
const NAME = 'OpenRouter GET /activity';
const KEYS_PAGE = 'openrouter.ai/settings/management-keys';

export interface ActivitySource {
  /** `https://openrouter.ai/api/v1`, or a server like it. */
  baseUrl: string;
  managementKey: string;
  /** The key of the ledger's requests. When known, only its activity is requested. */
  apiKey: string | null;
}

export interface FetchedActivity extends Activity {
  /** False: the activity is of all keys of the account, since the provider does not know ours. */
  ofOurKeyOnly: boolean;
}

/** Returns the days of an activity that states none: the 30 before `today`, which is not over. */
const range = (today: string): { from: string; to: string } => {
  const at = (days: number): string =>
    new Date(Date.parse(`${today}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
  return { from: at(30), to: at(1) };
};

/**
 * Fetches the last 30 completed UTC days from the provider. `today`: YYYY-MM-DD, UTC. Throws a Fault for a refused key,
 * a key that is no management key, a server without activity, and a failed connection.
 */
export async function fetchActivity(
  { baseUrl, managementKey, apiKey }: ActivitySource,
  today: string,
): Promise<FetchedActivity> {
  if (!/^[\x21-\x7e]+$/.test(managementKey))
    throw usageFault(
      `the management key must be printable ASCII without blanks: copy it again from ${KEYS_PAGE}`,
    );
  const base = checkedBaseUrl(baseUrl, true);
  const ask = (query: string): Promise<Response> =>
    fetch(`${base}/activity${query}`, {
      headers: { Authorization: `Bearer ${managementKey}`, Accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  const { host } = new URL(base);
  try {
    if (apiKey !== null) {
      const response = await ask(`?api_key_hash=${createHash('sha256').update(apiKey).digest('hex')}`);
      // A provider that does not know this hash of the key answers with an error or an empty list.
      const ours = response.ok ? readActivity(await response.text(), NAME) : null;
      if (ours !== null && ours.rows.length > 0) return { ...ours, ...range(today), ofOurKeyOnly: true };
    }
    const response = await ask('');
    if (!response.ok) throw refusal(response.status, host);
    return { ...readActivity(await response.text(), NAME), ...range(today), ofOurKeyOnly: false };
  } catch (error) {
    if (error instanceof TypeError || (error as Error).name === 'TimeoutError')
      throw blockedFault(
        `${NAME}: ${host} could not be reached (${causeOf(error)}): try again, or give its export with --reconcile FILE`,
        error,
      );
    throw error;
  }
}

function refusal(status: number, host: string): Error {
  const said = `${NAME}: ${host} answered ${status}`;
  if (status === 401)
    return usageFault(`${said}, the management key was refused: make a new one at ${KEYS_PAGE}`);
  if (status === 403)
    return usageFault(
      `${said}, the key is no management key (an OPENROUTER_API_KEY may not ask): make one at ${KEYS_PAGE}`,
    );
  if (status === 404)
    return usageFault(`${said}: this server tells no activity; give an export with --reconcile FILE`);
  return blockedFault(`${said}: try again later, or give its export with --reconcile FILE`);
}

function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message;
}
