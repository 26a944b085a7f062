import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { runCli, temporaryFolder } from '../support/cli.js';
import { chaosScenarios } from './scenarios/chaos.js';
import { generationScenarios } from './scenarios/generations.js';
import { serviceScenarios } from './scenarios/service.js';
import { type ClusterSite, openSite } from './site.mjs';

/** Where people's commands are called. */
const desk = temporaryFolder();
let site: ClusterSite;
beforeAll(async () => {
  site = await openSite();
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  const status = await runCli(desk.path, ['status', '--json'], site.env);
  console.error(`${task.name}\n${status.stdout}${status.stderr}\n${site.account()}`);
});
afterAll(async () => {
  await site?.close();
  desk.remove();
});

const real = process.env.EMBEDDINGS_TEST_CLUSTER !== undefined;
describe(real ? 'the cluster that is up' : "the same topology on Temporal's dev server", () => {
  serviceScenarios(() => site, desk.path);
  chaosScenarios(() => site, desk.path, real);
  generationScenarios(() => site, desk.path);
});
