import type { PreflightInput } from '../contract/activities.js';
import type { RunPlan } from '../contract/plan.js';
import { zeroTotals } from '../contract/progress.js';
import { checkShape } from '../domain/check-shape.js';
import { knownModel } from '../domain/known-model.js';
import { refuseOtherCatalog } from '../domain/prune-guard.js';
import { blockedFault } from '../fault.js';
import { shownModel } from '../hide-secrets.js';
import { parseSampleIds } from '../sources/sample-ids.js';
import type { Dependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { identify, refuseOtherLibrary } from './library.js';

/** Checks everything a run needs before anything is paid, and fixes what all its batches share. */
export const createPreflight =
  (dependencies: Dependencies) =>
  (input: PreflightInput): Promise<RunPlan> =>
    withHeartbeat(async (signal) => {
      const { catalog, store, provider, model, dimensions, log } = dependencies;
      const { request, runId, startedAt, workflowId } = input;
      // Asked meanwhile; what is wrong here is said first.
      const key = provider.key(signal);
      const known = knownModel(provider, model, signal);
      for (const asked of [key, known]) asked.catch(() => undefined);
      // What the folder holds now; what a client has just looked at is looked at again in a moment.
      await catalog.refresh?.({ signal });
      const { samples } = await catalog.inspect();
      await refuseOtherLibrary(dependencies, request.library);
      await store.migrate();
      const library = await identify(dependencies);
      const { fields } = dependencies.form;
      const accept = request.acceptShape === true;
      const shape = await checkShape(
        { catalog, store },
        { runId, accept, fields, prune: request.prune === true },
      );
      if (request.prune === true) await refuseOtherCatalog({ catalog, store });
      const [first] = await catalog.readPage({ after: null, limit: 1 });
      // Paid vectors must find a table that takes them.
      if (first !== undefined) await store.probeWrite({ sampleId: first.id, dimensions, model });
      await key;
      const { nanosPerToken, source, maxInputTokens } = await known;
      if (request.maxCostNanos !== null && nanosPerToken === null)
        throw blockedFault(
          `--max-cost cannot be kept: no price is known for EMBEDDING_MODEL ${shownModel(model)}`,
        );
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
        ...(maxInputTokens !== null && { maxInputTokens }),
        batchSize: request.batchSize,
        reset: request.reset,
        expected,
        ...(library !== null && { library }),
      };
    });
