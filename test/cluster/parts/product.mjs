import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingsOf } from '../state.mjs';

const dist = (path) => fileURLToPath(new URL(`../../../dist/${path}`, import.meta.url));
/** Environment variables of the developer that are not passed to the cluster. */
const SETTINGS =
  /^(OPENROUTER|TURSO|DATABASE_URL|EMBEDDING|TEMPORAL|BATCH_SIZE|MAX_RETRIES|CONCURRENCY|LOG_LEVEL)/;
const surroundings = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.test(name)));

/** Models that the provider offers. */
const MODELS = ['openai/text-embedding-3-small', 'other/model'];

export const billOf = (folder) => join(folder, 'bill.jsonl');

/** Returns the part for the sandbox OpenRouter, which charges nothing and records what OpenRouter would charge. */
export const provider = (folder, { ports }) => ({
  name: 'provider',
  port: ports.provider,
  command: [
    process.execPath,
    dist('local/sandbox-openrouter/main.js'),
    ...['--port', String(ports.provider), '--bill', billOf(folder), '--latency', '100'],
    ...MODELS.flatMap((model) => ['--model', model]),
  ],
  env: surroundings(),
  healthy: async () => (await fetch(`http://127.0.0.1:${ports.provider}/__bill`)).ok,
});

/** Returns the part for one `embeddings worker`, whose log shows when it is up. */
export const worker = (folder, identity, number) => {
  const name = `worker-${number}`;
  return {
    name,
    command: [process.execPath, dist('client.js'), 'worker'],
    env: { ...surroundings(), ...settingsOf(identity), MAX_RETRIES: '8', CONCURRENCY: '2' },
    healthy: async ({ pid }) =>
      readFileSync(join(folder, `${name}.log`), 'utf8')
        .split('\n')
        .some((line) => line.includes(`"pid":${pid},`) && line.includes('worker is up')),
  };
};
