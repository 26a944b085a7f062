import { fileURLToPath } from 'node:url';
import { pipeline } from '../../pipeline.mjs';

const CLIENT = fileURLToPath(new URL('../../../dist/client.js', import.meta.url));

/** Worker and client in one process and Temporal's server beside it, as in one-command mode. */
export async function prepare(task) {
  return { whole: (hooks) => pipeline({ ...task, ...hooks, again: false }) };
}

/** For faults the command that a person types. */
export const command = ({ catalog, baseUrl, store, home, concurrency }) => ({
  args: [CLIENT, '--all', '--yes', '--json'],
  env: {
    OPENROUTER_API_KEY: 'bench',
    OPENROUTER_BASE_URL: baseUrl,
    DATABASE_URL: catalog,
    TURSO_DATABASE_URL: store,
    EMBEDDINGS_HOME: home,
    CONCURRENCY: String(concurrency),
  },
});

/** What the command says at its end, in a line. */
export function account(stdout) {
  const { state, stored, failed } = JSON.parse(stdout);
  return `${state}: ${stored} stored, ${failed} failed and listed`;
}

export const STORED = 'SELECT sample_id AS id FROM sample_embeddings WHERE length(vibe_vector) = 6144';
