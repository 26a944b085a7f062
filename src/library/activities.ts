/**
 * `sample-embeddings/activities`: the activities for your own worker.
 *
 *     const parts = await openDependencies(loadSettings(), log);
 *     const activities = { ...createActivities(parts), ...yours };
 *
 * `loadSettings` reads the same variables as the commands (the README's table) from the environment and `.env`;
 * `openDependencies` opens catalog, store and provider, and `close()` ends them.
 */
export type { Dependencies, Log } from '../activities/dependencies.js';
export { createActivities } from '../activities/index.js';
export { loadSettings, type Settings } from '../config.js';
export type { Activities } from '../contract/activities.js';
export { openDependencies } from '../hosting/open-dependencies.js';
