import { Database } from '../../src/sqlite.js';
import { type Scene, setScene } from '../e2e/scene.js';
import type { Running } from '../support/cli.js';
import { type Gate, startGate } from './gate.js';

/** A scene whose provider stands behind a gate, and whose processes end with it. */
export interface Site extends Scene {
  gate: Gate;
  /** The one number that this SQL finds in the store, read from outside; 0 while there is no such table. */
  number(sql: string): number;
  until(condition: () => boolean): Promise<void>;
  /** Called when the site closes. */
  later(end: () => Promise<unknown> | unknown): void;
}

interface SiteOptions {
  samples: number;
  env?: Record<string, string>;
  /** The provider's response cache; without it what is sent again is paid again. */
  cache?: boolean;
  sandbox?: Parameters<typeof setScene>[1];
}

export async function setSite({ samples, env = {}, cache = true, sandbox = {} }: SiteOptions): Promise<Site> {
  const scene = await setScene(samples, sandbox);
  const gate = await startGate(scene.sandbox.baseUrl, { cache });
  const all = { OPENROUTER_BASE_URL: gate.baseUrl, ...env };
  const ends: (() => Promise<unknown> | unknown)[] = [];
  const started: Running[] = [];
  const start: Scene['start'] = (args, more = {}) => {
    const running = scene.start(args, { ...all, ...more });
    started.push(running);
    return running;
  };
  return {
    ...scene,
    env: { ...scene.env, ...all },
    gate,
    start,
    run: (args, more) => start(args, more).done,
    number(sql) {
      try {
        const db = new Database(scene.store, { readonly: true, fileMustExist: true });
        const row = db.prepare<[], Record<string, number>>(sql).get() ?? {};
        db.close();
        return Number(Object.values(row)[0] ?? 0);
      } catch {
        return 0;
      }
    },
    async until(condition) {
      while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    later: (end) => void ends.push(end),
    async close() {
      for (const { child } of started) child.kill('SIGKILL');
      await Promise.all(started.map(({ done }) => done));
      for (const end of ends.reverse()) await end();
      await gate.close();
      await scene.close();
    },
  };
}
