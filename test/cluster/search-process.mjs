/**
 * A process that searches the library of its settings continuously, from memory and from the store, as a web backend
 * would. It prints one line of JSON per answer, `{ source, query, from, to, hits: [[id, similarity], …] }`, or `error`
 * in place of `hits`. Times are epoch ms. It ends when its stdin closes.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { openSampleSearch } from '../../dist/index.js';

const QUERIES = ['warm jazz', 'dark techno loop', 'dusty drums'];
const EVERY_MS = 50;

const { env } = process;
const connection = {
  storeUrl: env.TURSO_DATABASE_URL,
  storeToken: env.TURSO_AUTH_TOKEN,
  catalogUrl: env.DATABASE_URL,
  apiKey: env.OPENROUTER_API_KEY,
  baseUrl: env.OPENROUTER_BASE_URL,
};
const now = () => performance.timeOrigin + performance.now();
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function searchFrom(source) {
  const search = await openSampleSearch({ ...connection, inMemory: source === 'memory' });
  await search.ready();
  for (let turn = 0; ; turn++) {
    const query = QUERIES[turn % QUERIES.length];
    const from = now();
    const answer = await search.search(query, { mode: 'vector' }).then(
      (hits) => ({ hits: hits.map(({ sample_id: id, similarity }) => [id, similarity]) }),
      (error) => ({ error: error.message }),
    );
    say({ source, query, from, to: now(), ...answer });
    await wait(EVERY_MS);
  }
}

process.stdin.resume().on('close', () => process.exit(0));
await Promise.all(['memory', 'store'].map(searchFrom));
