import { afterAll, beforeAll, describe } from 'vitest';
import { temporaryFolder } from '../support/cli.js';
import { chaosScenarios } from './scenarios/chaos.js';
import { serviceScenarios } from './scenarios/service.js';
import { type ClusterSite, openSite } from './site.mjs';

/** Where people's commands are called. */
const desk = temporaryFolder();
let site: ClusterSite;
beforeAll(async () => {
  site = await openSite();
});
afterAll(async () => {
  await site?.close();
  desk.remove();
});

const real = process.env.EMBEDDINGS_TEST_CLUSTER !== undefined;
describe(real ? 'the cluster that is up' : "the same topology on Temporal's dev server", () => {
  serviceScenarios(() => site, desk.path);
  chaosScenarios(() => site, desk.path, real);
});
