import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startProvider } from '../provider.mjs';
import { measure, stored } from './start.mjs';

/** Returns the middle value, or the mean of the two middle values. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}

/**
 * Measures all contenders at one latency, one after the other, with one provider. It has no cache, so that the texts of
 * one contender are not free for the next. Every other round is in reverse order, because the machine's load changes.
 */
export async function speed({ latency, contenders, rounds, samples, concurrency, catalog, folder, tell }) {
  const provider = await startProvider(latency, ['--no-cache']);
  const results = contenders.map((contender) => ({ ...contender, runs: [] }));
  try {
    await warm(provider);
    for (let round = 1; round <= rounds; round++) {
      const turn = results.filter((each) => !each.once || round === 1);
      if (round % 2 === 0) turn.reverse();
      for (const result of turn) {
        const place = join(folder, `${result.name}-${latency}-${round}`);
        const task = {
          name: result.name,
          catalog,
          baseUrl: provider.baseUrl,
          store: `file:${place}.db`,
          home: place,
          concurrency,
          samples: Math.min(result.samples ?? samples, samples),
        };
        tell(`${latency} ms, round ${round}: ${result.title}`);
        result.runs.push(await one(task, provider).catch(({ message }) => ({ error: message })));
        for (const end of ['.db', '.db-wal', '.db-shm', ''])
          rmSync(place + end, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      }
    }
  } finally {
    provider.stop();
  }
  return { latency, contenders: results.map(summary) };
}

async function one(task, provider) {
  const before = await provider.totals();
  const run = await measure(task);
  const { requests } = await provider.totals();
  const { samples } = await stored(task);
  if (samples !== task.samples) throw new Error(`stored ${samples} of ${task.samples}`);
  return { ...run, samples, rate: samples / run.seconds, requests: requests - before.requests };
}

/** Warms up the provider, so that its JIT compilation does not slow the first contender. */
async function warm({ baseUrl }) {
  const input = Array.from({ length: 100 }, (_, at) => `Title: ${at}`);
  const init = {
    method: 'POST',
    headers: { Authorization: 'Bearer bench' },
    body: JSON.stringify({ model: 'warm', input, dimensions: 1536, encoding_format: 'base64' }),
  };
  for (let at = 0; at < 40; at++) await (await fetch(`${baseUrl}/embeddings`, init)).arrayBuffer();
}

function summary({ name, title, runs }) {
  const error = runs.find((run) => run.error !== undefined)?.error;
  if (error !== undefined) return { name, title, error };
  const of = (what) => (runs.some((run) => run[what] === null) ? null : median(runs.map((run) => run[what])));
  const [{ samples }] = runs;
  const cpu = of('cpu');
  return {
    name,
    title,
    samples,
    rate: of('rate'),
    rates: runs.map(({ rate }) => rate),
    cpuPerThousand: cpu === null ? null : (1000 * cpu) / samples,
    peak: of('peak'),
    requests: of('requests'),
    seconds: of('seconds'),
    whole: of('whole'),
  };
}
