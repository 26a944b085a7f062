import { parseSampleIds } from '../catalog/sample-ids.js';
import type { PreflightInput, RunPlan } from '../contract.js';
import { FailureType, zeroTotals } from '../contract.js';
import { EmbeddingError } from '../embedding/errors.js';
import { fallbackPrice } from '../embedding/prices.js';
import type { Provider } from '../embedding/types.js';
import { blockedFault } from '../fault.js';
import { checkShape } from './check-shape.js';
import type { Dependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { refuseOtherCatalog } from './prune-guard.js';

/**
 * The price of a token in nanodollars: the provider's list first, our table second, null when neither knows. Throws
 * where the provider has a list without that model.
 */
export async function priceOf(
  provider: Provider,
  model: string,
  signal?: AbortSignal,
): Promise<{ nanosPerToken: number | null; source: 'provider' | 'table' | 'unknown' }> {
  const known = fallbackPrice(model);
  const otherwise = { nanosPerToken: known, source: known === null ? 'unknown' : 'table' } as const;
  try {
    const info = await provider.model(model, signal);
    if (info !== null) return { nanosPerToken: info.nanosPerToken, source: 'provider' };
    return otherwise;
  } catch (error) {
    if (error instanceof EmbeddingError && error.type === FailureType.Blocked) throw error;
    return otherwise;
  }
}

/** Checks everything a run needs before anything is paid, and fixes what all its batches share. */
export const createPreflight =
  ({ catalog, store, provider, model, dimensions, log }: Dependencies) =>
  (input: PreflightInput): Promise<RunPlan> =>
    withHeartbeat(async (signal) => {
      const { request, runId, startedAt, workflowId } = input;
      // Asked meanwhile; what is wrong here is said first.
      const key = provider.key(signal);
      const price = priceOf(provider, model, signal);
      for (const asked of [key, price]) asked.catch(() => undefined);
      const { samples } = await catalog.inspect();
      await store.migrate();
      const shape = await checkShape({ catalog, store }, { runId, accept: request.acceptShape === true });
      if (request.prune === true) await refuseOtherCatalog({ catalog, store });
      const [first] = await catalog.readPage({ after: null, limit: 1 });
      // Paid vectors must find a table that takes them.
      if (first !== undefined) await store.probeWrite({ sampleId: first.id, dimensions, model });
      await key;
      const { nanosPerToken, source } = await price;
      if (request.maxCostNanos !== null && nanosPerToken === null)
        throw blockedFault(`--max-cost cannot be kept: no price is known for EMBEDDING_MODEL ${model}`);
      const expected =
        request.selection.kind === 'failed'
          ? await store.countFailures()
          : await catalog.count(
              request.selection.kind === 'ids' ? parseSampleIds(request.selection.ids) : undefined,
            );
      const totals = zeroTotals();
      await store.saveRun({
        runId,
        workflowId,
        request: JSON.stringify(request),
        state: 'planning',
        reason: null,
        totals,
        expected,
        startedAt,
        sequence: 0,
      });
      log.info(
        { run: runId, samples, shape, model, price: nanosPerToken, priceSource: source },
        'preflight passed',
      );
      return {
        runId,
        startedAt,
        model,
        dimensions,
        nanosPerToken,
        priceIsListed: source === 'provider',
        batchSize: request.batchSize,
        reset: request.reset,
        expected,
      };
    });
