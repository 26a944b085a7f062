import { afterEach, expect, it } from 'vitest';
import { json, type Scene, setScene } from '../e2e/scene.js';
import { idsOf, judge } from '../support/referee.js';

/** KILLS=100 is the long form; what is in flight at a kill comes back after the heartbeat's 8 s. */
const KILLS = Number(process.env.KILLS ?? 2);

let scene: Scene;
afterEach(() => scene?.close());

it(
  'a command killed again and again, at any moment, ends as if nothing had happened',
  async () => {
    scene = await setScene(400 + KILLS * 200, { latencyMs: 100 });
    let seed = 7;
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (let kill = 0; kill < KILLS; kill++) {
      const run = scene.start(['--all', '--batch-size', '20'], { CONCURRENCY: '2' });
      await scene.charged(scene.sandbox.bill().inputs + 20 + Math.floor(random() * 180));
      run.child.kill('SIGKILL');
      await run.done;
    }
    const ids = idsOf(scene.catalog);
    const end = json(await scene.run(['--resume', '--json']));
    expect(end).toMatchObject({ state: 'completed', stored: ids.length, failed: 0 });
    judge(scene.store, ids, scene.sandbox.bill());
    expect(scene.sandbox.bill().boughtTwice).toBe(0);
    expect(json(await scene.run(['--all', '--json']))).toMatchObject({ requests: 0, unchanged: ids.length });
  },
  60_000 + KILLS * 20_000,
);
