import type { PreflightInput } from '../contract/activities.js';
import { ofGeneration } from '../contract/form-mark.js';
import type { PlannedGeneration } from '../contract/generation.js';
import type { RunPlan } from '../contract/plan.js';
import { zeroTotals } from '../contract/progress.js';
import { checkShape } from '../domain/check-shape.js';
import { chooseGeneration } from '../domain/choose-generation.js';
import { knownModel } from '../domain/known-model.js';
import { refuseHiddenSamples, refuseOtherCatalog } from '../domain/prune-guard.js';
import type { Generation } from '../engines/types.js';
import { blockedFault } from '../fault.js';
import { shownModel } from '../hide-secrets.js';
import { parseSampleIds } from '../sources/sample-ids.js';
import type { Dependencies } from './dependencies.js';
import { forPlan } from './for-plan.js';
import { generationFor } from './generation.js';
import { withHeartbeat } from './heartbeat.js';
import { identify, refuseOtherLibrary } from './library.js';

/** Checks everything a run needs before anything is bought. Returns the plan that all its batches share. */
export const createPreflight =
  (dependencies: Dependencies) =>
  (input: PreflightInput): Promise<RunPlan> =>
    withHeartbeat(async (signal) => {
      const { catalog, provider, log } = dependencies;
      const { request, runId, startedAt, workflowId } = input;
      // The key is checked in parallel, but errors of the checks below are reported first.
      const key = provider.key(signal);
      key.catch(() => undefined);
      // A store that does not exist yet has no generations.
      const before = dependencies.store.generations().catch(() => []);
      const looked = before.then(async (all) => {
        const guess = modelOf(dependencies, request, all);
        return { guess, listed: await knownModel(provider, guess, signal) };
      });
      looked.catch(() => undefined);
      // Scans a folder of audio files as it is now. Files that a client has just scanned take only a moment.
      await catalog.refresh?.({ signal });
      const { samples } = await catalog.inspect();
      await refuseOtherLibrary(dependencies, request);
      // A store may be far away, so independent calls run in parallel.
      const [there] = await Promise.all([before, dependencies.store.migrate()]);
      const identity = dependencies.store.identity();
      const remembered = dependencies.store.rememberedShape();
      for (const each of [identity, remembered]) each.catch(() => undefined);
      const all = there.length > 0 ? there : await dependencies.store.generations();
      const { planned, make } = generationFor(dependencies, request, all);
      const isThere = planned.number > 0;
      // A missing generation is created last, so that a refused run leaves none behind.
      let generation = planned;
      const { model, dimensions } = generation.recipe;
      const { form } = forPlan(dependencies, { generation });
      const { fields } = form;
      const accept = request.acceptShape === true;
      const identified = identify(dependencies, { generation, identity: await identity });
      // Asked for together with the claim of the store, so that both are one transaction.
      const recorded = isThere ? make() : null;
      recorded?.catch(() => undefined);
      const checked = checkShape(
        { catalog, store: dependencies.store },
        { runId, accept, fields, prune: request.prune === true, remembered: await remembered },
      );
      checked.catch(() => undefined);
      const library = await identified;
      const { shape, remember } = await checked;
      await recorded;
      if (request.prune === true)
        await (isThere
          ? refuseOtherCatalog({ catalog, store: dependencies.store.of(generation.number) })
          : refuseHiddenSamples({ catalog }));
      const [first] = await catalog.readPage({ after: null, limit: 1 });
      // Tests a write first, so that paid vectors can be stored.
      const probe = async ({ number, dimensions, form }: PlannedGeneration): Promise<void> => {
        if (first === undefined) return;
        await dependencies.store.of(number).probeWrite({ sampleId: first.id, model, dimensions, form });
      };
      if (isThere) await probe(generation);
      await key;
      const { guess, listed } = await looked;
      const { nanosPerToken, source, maxInputTokens } =
        model === guess ? listed : await knownModel(provider, model, signal);
      if (request.maxCostNanos !== null && nanosPerToken === null)
        throw blockedFault(
          `--max-cost cannot be enforced: no price is known for EMBEDDING_MODEL ${shownModel(model)}`,
        );
      if (!isThere) {
        generation = await make();
        await probe(generation);
      }
      const store = dependencies.store.of(generation.number);
      const expected =
        request.selection.kind === 'failed'
          ? await store.countFailures()
          : await catalog.count(
              request.selection.kind === 'ids' ? parseSampleIds(request.selection.ids) : undefined,
            );
      const totals = zeroTotals();
      await Promise.all([
        remember(),
        store.saveRun({
          runId,
          workflowId,
          request: JSON.stringify(request),
          state: 'planning',
          reason: null,
          totals,
          expected,
          startedAt,
          sequence: 0,
          generation: generation.number,
        }),
      ]);
      log.info(
        {
          run: runId,
          samples,
          shape,
          model,
          generation: generation.number,
          price: nanosPerToken,
          priceSource: source,
        },
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
        generation,
        expected,
        ...(library !== null && { library: ofGeneration(library, generation.number) }),
      };
    });

/** Returns the model that the run will most likely use; without a store, that of the configuration. */
function modelOf(
  { recipe }: Dependencies,
  { generation }: PreflightInput['request'],
  all: readonly Generation[],
): string {
  const choice = chooseGeneration(all, recipe, generation);
  return choice.kind === 'there' ? choice.generation.recipe.model : recipe.model;
}
