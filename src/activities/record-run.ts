import type { RunBooks, RunRecord } from '../contract/progress.js';
import { buildsToFollow } from '../domain/builds-to-follow.js';
import type { Dependencies } from './dependencies.js';
import { activateIfComplete } from './generation.js';
import { withHeartbeat } from './heartbeat.js';

/**
 * Creates the activity that mirrors the run's state and counts into the store and returns the store's figures of the
 * run. It activates the generation that the configuration asks for once its run has completed and it holds every sample
 * of the active one.
 */
export const createRecordRun =
  (dependencies: Pick<Dependencies, 'store' | 'catalog' | 'recipe' | 'log'>) =>
  (progress: RunRecord): Promise<RunBooks> =>
    withHeartbeat(async () => {
      const { store, log } = dependencies;
      const { generation } = progress;
      if (progress.state === 'completed' && generation?.activate === true) {
        const active = await activateIfComplete(dependencies, generation);
        const { runId: run } = progress;
        if (active) log.info({ run, generation: generation.number }, 'search reads this generation now');
        else
          log.warn(
            { run, generation: generation.number },
            'samples are missing in this generation: search does not read it yet',
          );
      }
      const books = await store.saveRun({
        runId: progress.runId,
        workflowId: progress.workflowId,
        request: JSON.stringify(progress.request),
        state: progress.state,
        reason: progress.reason,
        totals: progress.totals,
        expected: progress.expected,
        startedAt: progress.startedAt,
        sequence: progress.sequence ?? 0,
        generation: generation?.number ?? 1,
      });
      const building = progress.state === 'completed' ? await buildingBesides(store, progress) : [];
      return building.length === 0 ? books : { ...books, building };
    });

/** Returns the generations that are being built beside the active one, after a run of all its samples. */
async function buildingBesides(
  store: Dependencies['store'],
  { request, generation }: RunRecord,
): Promise<number[]> {
  if (request.generation !== undefined || request.selection.kind !== 'all') return [];
  return (await buildsToFollow(store)).filter((number) => number !== generation?.number);
}
