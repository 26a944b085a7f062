import { afterEach, expect, it } from 'vitest';
import { openSampleSearch, type SampleHit, type SampleSearch } from '../../src/index.js';
import { type Scene, setScene } from '../e2e/scene.js';
import { type Answer, wrongAnswers } from '../support/answers.js';
import { idsOf, judge } from '../support/referee.js';

/** SAMPLES=20000 KILLS=20 is the long form. */
const SAMPLES = Number(process.env.SAMPLES ?? 1200);
const KILLS = Number(process.env.KILLS ?? 2);
const MODEL = 'other/model';
const BUILD = ['model', 'build', MODEL, '--dimensions', '256', '--yes'];
const QUERIES = ['warm jazz', 'dark techno loop', 'dusty drums'];

let scene: Scene;
const open: SampleSearch[] = [];
afterEach(async () => {
  for (const search of open.splice(0)) await search.close();
  await scene?.close();
});

/** How near each sample is to each query in one generation, by a comparison with all of them. */
type Truth = Map<string, Map<number, string>>;
const asText = ({ similarity }: SampleHit): string => String(similarity?.toFixed(6));
/** All hits are there, and each is as near as this generation says: none is of another. */
const isOf =
  (truth: Truth) =>
  (query: string, hits: readonly SampleHit[]): boolean =>
    hits.length === 10 && hits.every((hit) => truth.get(query)?.get(hit.sample_id) === asText(hit));

it(
  'search answers from the active generation alone while another is built, by a command that is killed again and again',
  async () => {
    scene = await setScene(SAMPLES, { latencyMs: 60, models: ['openai/text-embedding-3-small', MODEL] });
    expect(await scene.run(['--all'])).toMatchObject({ code: 0 });
    const connection = {
      ...{ storeUrl: `file:${scene.store}`, catalogUrl: scene.catalog },
      ...{ apiKey: 'sk-canary', baseUrl: scene.sandbox.baseUrl },
    };
    for (const inMemory of [true, false]) open.push(await openSampleSearch({ ...connection, inMemory }));
    for (const search of open) await search.ready();
    const ask = (search: SampleSearch, query: string, limit = 10) =>
      search.search(query, { mode: 'vector', limit });
    const truth = async (): Promise<Truth> => {
      const found: Truth = new Map();
      for (const query of QUERIES) {
        const hits = await ask(open[1] as SampleSearch, query, 1000);
        found.set(query, new Map(hits.map((hit) => [hit.sample_id, asText(hit)])));
      }
      return found;
    };
    const before = await truth();

    const answers: Answer<SampleHit>[] = [];
    let over = false;
    /** Ten answers to questions that were asked since. */
    const moreSince = async (time: number): Promise<void> => {
      while (answers.filter(({ from }) => from > time).length < 10)
        await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const searching = open.map(async (search) => {
      for (let turn = 0; !over; turn++) {
        const query = QUERIES[turn % QUERIES.length] as string;
        const from = performance.now();
        answers.push({ from, query, hits: await ask(search, query), to: performance.now() });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });

    for (let kill = 0; kill < KILLS; kill++) {
      const build = scene.start([...BUILD, '--max-cost', '1'], { CONCURRENCY: '2', BATCH_SIZE: '20' });
      await scene.charged(scene.sandbox.bill().inputs + 40 + 60 * (kill % 3));
      build.child.kill('SIGKILL');
      await build.done;
    }
    const built = await scene.run([...BUILD, '--max-cost', '1'], { BATCH_SIZE: '20' });
    expect(built).toMatchObject({ code: 0 });
    const switching = performance.now();
    expect(await scene.run(['model', 'switch'])).toMatchObject({ code: 0 });
    const switched = performance.now();
    await moreSince(switched);
    const after = await truth();
    const back = performance.now();
    expect(await scene.run(['model', 'rollback'])).toMatchObject({ code: 0 });
    const backAgain = performance.now();
    await moreSince(backAgain);
    over = true;
    await Promise.all(searching);

    const wrong = wrongAnswers(answers, { switching, switched, back, backAgain }, [
      isOf(before),
      isOf(after),
    ]);
    expect(wrong).toEqual([]);
    for (const query of QUERIES) expect(after.get(query)).not.toEqual(before.get(query));
    expect(answers.filter(({ to }) => to < switching).length).toBeGreaterThan(20);
    expect(answers.filter(({ from, to }) => from > switched && to < back).length).toBeGreaterThan(2);
    expect(scene.sandbox.bill().boughtTwice).toBe(0);
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
    console.log(
      `${answers.length} answers while ${SAMPLES} samples were built with ${KILLS} kills: none wrong`,
    );
  },
  120_000 + KILLS * 20_000 + SAMPLES * 40,
);
