import { setTimeout as wait } from 'node:timers/promises';
import { createCensus } from './census.mjs';

/** Parts to kill; repeated entries are chosen more often. */
const KINDS = [
  'worker',
  'worker',
  'worker',
  'cli',
  'cli',
  'cli',
  'temporal',
  'temporal',
  'sqld',
  'sqld',
  'keeper',
];

/** Kills one part at a time with SIGKILL and records the texts in flight. */
export function createKiller(stage, random) {
  const census = createCensus(stage.evidence);
  const kills = [];
  const strike = {
    worker: () => stage.worker.end(),
    cli: () => stage.cli.end(),
    temporal: () => stage.temporal.killServer(),
    keeper: () => stage.temporal.killKeeper(),
    async sqld() {
      await stage.sqld.end();
      await wait(random.integer(0, 1000));
      await stage.serveStore();
      return true;
    },
  };
  return {
    kills,
    /** @returns false when the chosen part was not running. */
    async kill() {
      const kind = random.pick(KINDS);
      const at = Date.now();
      if (!(await strike[kind]())) return false;
      kills.push({ kind, at, ...(await census()) });
      return true;
    },
  };
}
