import type { Activities } from '../contract/activities.js';
import { createMeasure } from '../domain/measure.js';
import { createPlannedSamples } from '../domain/planned-samples.js';
import { createCountStored } from './count-stored.js';
import type { Dependencies } from './dependencies.js';
import { createEmbedBatch } from './embed-batch.js';
import { createFailBatch } from './fail-batch.js';
import { ofLibrary } from './library.js';
import { createPlanPage } from './plan-page.js';
import { createPreflight } from './preflight.js';
import { createPruneSlice } from './prune-slice.js';
import { createRecordRun } from './record-run.js';
import { reporting } from './report-failure.js';

/** Creates every activity with the given dependencies. Activities throw typed ApplicationFailures. */
export function createActivities(dependencies: Dependencies): Activities {
  const planned = createPlannedSamples();
  const measure = createMeasure();
  return {
    preflight: reporting(createPreflight(dependencies)),
    planPage: reporting(ofLibrary(dependencies, createPlanPage(dependencies, planned, measure))),
    embedBatch: reporting(ofLibrary(dependencies, createEmbedBatch(dependencies, planned, measure))),
    failBatch: reporting(createFailBatch(dependencies)),
    pruneSlice: reporting(ofLibrary(dependencies, createPruneSlice(dependencies))),
    recordRun: reporting(createRecordRun(dependencies)),
    countStored: reporting(createCountStored(dependencies)),
  };
}
