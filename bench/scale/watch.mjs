import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const TENTHS = 10;

/** Returns a process's peak resident memory in bytes; null once it has ended, or where the system has no /proc. */
export function peakMemory(pid) {
  try {
    // A zombie process has no such line.
    const kb = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kb === undefined ? null : Number(kb) * 1024;
  } catch {
    return null;
  }
}

/** Watches the peak memory of a process. `stop()` returns it in bytes, 0 where the system does not tell. */
export function watchPeak(pid) {
  let peak = 0;
  let over = false;
  const watching = (async () => {
    while (!over) {
      peak = Math.max(peak, peakMemory(pid) ?? 0);
      await wait(50);
    }
  })();
  return {
    async stop() {
      over = true;
      await watching;
      return peak;
    },
  };
}

/**
 * Follows a run by the texts that the provider has charged.
 * @returns `stop()` resolves with the seconds that each tenth of the samples took, and the peak memory of `pid`.
 */
export function watch({ pid, provider, samples, from = 0 }) {
  const begin = performance.now();
  const marks = [];
  let peak = 0;
  let over = false;
  const watching = (async () => {
    while (!over) {
      const { inputs } = await provider.totals().catch(() => ({ inputs: 0 }));
      const tenth = Math.floor(((inputs - from) / samples) * TENTHS);
      while (marks.length < Math.min(tenth, TENTHS)) marks.push((performance.now() - begin) / 1000);
      peak = Math.max(peak, peakMemory(pid) ?? 0);
      await wait(100);
    }
  })();
  return {
    async stop() {
      over = true;
      await watching;
      return { tenths: marks.map((mark, index) => mark - (marks[index - 1] ?? 0)), peak };
    },
  };
}
