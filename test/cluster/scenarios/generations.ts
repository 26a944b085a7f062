import { afterEach, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../src/local/sandbox-openrouter/index.js';
import { createLexicalVectors } from '../../../src/local/sandbox-openrouter/lexical-vectors.js';
import { seeded } from '../../../src/seeded-random.js';
import { json } from '../../e2e/scene.js';
import { wrongAnswers } from '../../support/answers.js';
import { runCli, startCli } from '../../support/cli.js';
import { type Hit, type Searched, type Searching, startSearching } from '../searching.js';
import type { ClusterSite } from '../site.mjs';

/** SAMPLES=20000 KILLS=10 is the long form: so many kills of a worker, of Temporal and of sqld each. */
const SAMPLES = Number(process.env.SAMPLES ?? 800);
const KILLS = Number(process.env.KILLS ?? 1);
const MODEL = 'other/model';
const DIMENSIONS = 256;
const BUILD = ['model', 'build', MODEL, '--dimensions', String(DIMENSIONS), '--max-cost', '5', '--yes'];
const BATCHES = { BATCH_SIZE: '20', CONCURRENCY: '2', MAX_RETRIES: '8' };
/** What a request takes between kills, and at one. */
const QUICK_MS = 100;
const SLOW_MS = 1500;
/** Answers of each source that are waited for where nothing else goes on. */
const ROUND = 6;

const pace = (ms: number): FaultRule[] => [{ fault: { kind: 'slow', ms } }];

/** Another model is built, in the face of kills, while a second process searches all the time. */
export function generationScenarios(site: () => ClusterSite, desk: string): void {
  const run = (args: string[], env = {}) => runCli(desk, args, { ...site().env, ...env });

  describe('another model', () => {
    let searching: Searching | null = null;
    afterEach(async () => {
      await searching?.stop();
      searching = null;
      // The next scenario begins with the first generation alone.
      await run(['model', 'switch', '1', '--allow-missing']);
      await run(['model', 'drop', '2', '--yes']);
    });

    it(
      'is built while workers, Temporal and sqld are killed: search answers from the active generation alone, whole',
      async () => {
        await site().ground({ samples: SAMPLES, seed: 31 });
        expect(await run(['--all'])).toMatchObject({ code: 0 });
        searching = startSearching(site().env);
        const first = isOf(await site().vectors(), 1536);
        await searching.since(0, ROUND);

        const random = seeded(7);
        const { inputs: before } = await site().bill();
        const building = startCli(desk, [...BUILD, '--json'], { ...site().env, ...BATCHES });
        const kinds = Array.from({ length: KILLS }, () => ['worker', 'temporal', 'sqld'] as const).flat();
        const parts = random.some(kinds, kinds.length);
        /** When sqld was not there, in epoch ms. */
        const without: { from: number; to: number }[] = [];
        let over = false;
        void building.done.then(() => {
          over = true;
        });
        for (const [index, part] of parts.entries()) {
          await site().setFaults(pace(QUICK_MS));
          const due = Math.floor((SAMPLES * (index + random.next())) / (parts.length + 1));
          await Promise.race([site().charged(before + due), building.done]);
          // So that it is under way still when the part is back, and has requests in flight at the kill.
          await site().setFaults(pace(SLOW_MS));
          await new Promise((resolve) => setTimeout(resolve, random.integer(0, 800)));
          expect(over).toBe(false);
          const from = Date.now();
          await site().strike(
            part === 'worker' ? random.pick(['worker-1', 'worker-2', 'worker-3'] as const) : part,
          );
          if (part !== 'sqld') continue;
          await site().serves();
          without.push({ from, to: Date.now() });
        }
        const built = await building.done;
        expect(built).toMatchObject({ code: 0 });
        expect(json(built)).toMatchObject({ state: 'completed', stored: SAMPLES, failed: 0 });
        await site().setFaults([]);

        const left = await site().snapshot();
        const again = json(await run([...BUILD, '--json']));
        expect(again).toMatchObject({ unchanged: SAMPLES, requests: 0 });
        const secondRun = { before: left, after: await site().snapshot() };

        const switching = Date.now();
        expect(await run(['model', 'switch'])).toMatchObject({ code: 0 });
        const switched = Date.now();
        const second = isOf(await site().vectors(), DIMENSIONS);
        await searching.since(switched, ROUND);
        expect(await site().judge(again, { secondRun })).toEqual([]);
        const back = Date.now();
        expect(await run(['model', 'rollback'])).toMatchObject({ code: 0 });
        const backAgain = Date.now();
        await searching.since(backAgain, ROUND);
        await searching.stop();

        const { answers, errors } = searching;
        const switches = { switching, switched, back, backAgain };
        const wrong = wrongAnswers<Hit, Searched>(answers, switches, [first, second]);
        expect({ count: wrong.length, first: wrong[0] }).toEqual({ count: 0, first: undefined });
        // Nothing of the build shows in an answer: the store gives the same from the first to the last.
        const steady = new Set(
          answers
            .filter(({ source, to }) => source === 'store' && to < switching)
            .map(({ query, hits }) => JSON.stringify([query, hits])),
        );
        expect(steady.size).toBe(new Set(answers.map(({ query }) => query)).size);
        // The store alone can fail a search, while it is away.
        const causeless = errors.filter(
          (error) => !without.some(({ from, to }) => error.from <= to && error.to >= from),
        );
        expect(causeless).toEqual([]);
        for (const { error } of errors) expect(error).toMatch(/check that it is up, then try again/);
        expect(await site().judge(again)).toEqual([]);
        // What was in flight is asked for again, and comes from the provider's response cache.
        expect(site().boughtTwice()).toBe(0);
        const during = answers.filter(({ to }) => to < switching).length;
        expect(during).toBeGreaterThan(20);
        console.log(
          `${SAMPLES} samples, ${parts.length} kills: ${answers.length} answers, ${during} of them before the switch, ` +
            `none wrong; ${errors.length} searches failed while sqld was away; switch ${switched - switching} ms, rollback ${backAgain - back} ms, as commands`,
        );
      },
      150_000 + KILLS * 60_000 + SAMPLES * 40,
    );
  });
}

/**
 * Whether an answer is of these vectors, by sample, and whole: ten samples, each as near as its vector is, the nearest
 * first. Not whether no other is nearer: which are candidates is search's own matter, whatever is built beside.
 */
function isOf(vectors: Map<number, Float32Array>, dimensions: number) {
  const vectorOf = createLexicalVectors(dimensions);
  const queries = new Map<string, Float32Array>();
  return (query: string, hits: readonly Hit[]): boolean => {
    const asked = queries.get(query) ?? vectorOf(query);
    queries.set(query, asked);
    const isAsNear = ([id, similarity]: Hit): boolean => {
      const vector = vectors.get(id);
      return vector !== undefined && Math.abs(cosine(asked, vector) - similarity) < 1e-5;
    };
    return (
      new Set(hits.map(([id]) => id)).size === 10 &&
      hits.every((hit, at) => isAsNear(hit) && hit[1] <= (hits[at - 1]?.[1] ?? 1))
    );
  };
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, ofA, ofB] = [0, 0, 0];
  for (const [at, x] of a.entries()) {
    const y = b[at] as number;
    dot += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return dot / Math.sqrt(ofA * ofB);
}
