import { fileURLToPath } from 'node:url';
import { environmentOf, pipeline } from '../../pipeline.mjs';

const CLIENT = fileURLToPath(new URL('../../../dist/client.js', import.meta.url));

/** Prepares worker and client in one process, with Temporal's server as another process, as in one-command mode. */
export async function prepare(task) {
  return { whole: (hooks) => pipeline({ ...task, ...hooks, again: false }) };
}

/** Returns the command for the faults, as a person types it. */
export const command = (task) => ({
  args: [CLIENT, '--all', '--yes', '--json'],
  env: environmentOf(task),
});

/** Returns the command's final output as one line. */
export function account(stdout) {
  const { state, stored, failed } = JSON.parse(stdout);
  return `${state}: ${stored} stored, ${failed} failed and listed`;
}

export const STORED = 'SELECT sample_id AS id FROM sample_embeddings WHERE length(vibe_vector) = 6144';
