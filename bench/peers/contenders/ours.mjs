import { fileURLToPath } from 'node:url';
import { environmentOf, pipeline } from '../../pipeline.mjs';

const CLIENT = fileURLToPath(new URL('../../../dist/client.js', import.meta.url));

/** Worker and client in one process and Temporal's server beside it, as in one-command mode. */
export async function prepare(task) {
  return { whole: (hooks) => pipeline({ ...task, ...hooks, again: false }) };
}

/** For faults the command that a person types. */
export const command = (task) => ({
  args: [CLIENT, '--all', '--yes', '--json'],
  env: environmentOf(task),
});

/** What the command says at its end, in a line. */
export function account(stdout) {
  const { state, stored, failed } = JSON.parse(stdout);
  return `${state}: ${stored} stored, ${failed} failed and listed`;
}

export const STORED = 'SELECT sample_id AS id FROM sample_embeddings WHERE length(vibe_vector) = 6144';
