import { randomUUID } from 'node:crypto';
import { required, type Settings } from '../../config.js';
import { FailureType } from '../../contract/failure.js';
import { knownModel } from '../../domain/known-model.js';
import { buyNeutralText, PROBE_TOKENS } from '../../domain/neutral-text.js';
import type { Store } from '../../engines/store.js';
import type { Attempt } from '../../engines/types.js';
import { usageFault } from '../../fault.js';
import { shownModel } from '../../hide-secrets.js';
import { withStore } from '../../hosting/existing-store.js';
import { openProvider } from '../../hosting/open-parts.js';
import { EmbeddingError } from '../../providers/errors/errors.js';
import { withVersion } from '../../providers/http/base-url.js';
import { count, usd } from '../../terminal/format.js';

/** The run id in the ledger for doctor's purchases. */
const DOCTOR_RUN = 'doctor';

/** Embeds one neutral text with today's settings and books it in the ledger. Returns length and price, as text. */
export async function buyOneText(settings: Settings): Promise<string> {
  const bought = await withStore(settings, (store) => buy(store, settings), { readOnly: false });
  if (bought === null)
    throw usageFault('not tried: the database of TURSO_DATABASE_URL does not exist any more');
  return bought;
}

async function buy(store: Store, settings: Settings): Promise<string> {
  const { model, dimensions } = settings;
  const provider = openProvider(required(settings, 'apiKey'), 'document');
  const { nanosPerToken } = await knownModel(provider, model);
  const attempt: Attempt = {
    requestId: randomUUID(),
    runId: DOCTOR_RUN,
    batchId: randomUUID(),
    model,
    operation: 'doctor',
    boundNanos: nanosPerToken === null ? null : Math.ceil(PROBE_TOKENS * nanosPerToken),
    // Claims no text, since nobody else waits for it.
    hashes: [],
  };
  try {
    const { costNanos } = await buyNeutralText({
      ...{ store, attempt, dimensions, nanosPerToken },
      send: (request) => provider.embed(request),
      async settle(settlement) {
        await store.commit({
          ...{ runId: DOCTOR_RUN, batchId: attempt.batchId, model, runStartedAt: new Date(0).toISOString() },
          ...{ fence: 0, vectors: [], copies: [], failures: [], settlements: [settlement], notedDelta: 0 },
        });
      },
    });
    const price =
      costNanos === null ? 'at a price that nobody tells' : `for ${usd(costNanos, { places: 9 })}`;
    return `one neutral text embedded ${price}, booked in the ledger; ${count(dimensions)} numbers came back`;
  } catch (error) {
    if (error instanceof EmbeddingError)
      throw usageFault(`${withCure(error, settings)}${billOf(error)}`, error);
    throw error;
  }
}

/** Returns the provider's error as a sentence, with a cure that depends on today's settings. */
function withCure(error: EmbeddingError, { model, dimensions, baseUrl }: Settings): string {
  const { message, vectorLength } = error;
  if (vectorLength !== null)
    return `EMBEDDING_MODEL ${shownModel(model)} gives vectors of ${vectorLength} numbers, not of ${dimensions}: set EMBEDDING_DIMENSIONS=${vectorLength}, or another EMBEDDING_MODEL`;
  const better = withVersion(baseUrl);
  return better === null || error.page || !mayBeTheAddress(error)
    ? message
    : `${message}; OPENROUTER_BASE_URL ${baseUrl} has no version in its path: try OPENROUTER_BASE_URL=${better}`;
}

/** Returns whether the error is one that a server gives at an address other than its API's. */
const mayBeTheAddress = ({ type, status }: EmbeddingError): boolean =>
  type === FailureType.InvalidResponse ||
  (status !== null && status >= 300 && status < 500 && status !== 429);

const billOf = ({ billed }: EmbeddingError): string =>
  billed === 'no' ? '' : '; it may have been billed, and is booked as uncertain';
