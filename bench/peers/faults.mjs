import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startProvider } from '../provider.mjs';
import { fill, readBill, tokensAMinute } from './ground.mjs';
import { killTree } from './process-tree.mjs';
import { startPlain, stored } from './start.mjs';

const LATENCY = 50;
const LONGEST_MS = 120_000;
/** The provider's limit in samples a second: below the rate of every contender that sends batches. */
const LIMIT = 200;
const REFUSED = 10;

/** The faults: `rules` of the provider, its rate `limit`, or a kill half-way and the same command again. */
export const FAULTS = {
  kill: { title: 'SIGKILL half-way, then the same command again', kill: true },
  poison: {
    title: 'one sample that is refused with 400',
    rules: [{ fault: { kind: 'status', status: 400, message: 'refused' }, contains: 'POISON' }],
  },
  limit: { title: `429 beyond ${LIMIT} samples/s, Retry-After 1`, limit: true },
  burst: {
    title: `429 to the first ${REFUSED} requests, Retry-After 1`,
    rules: [{ fault: { kind: 'status', status: 429, retryAfter: '1' }, times: REFUSED }],
  },
};

/** Measures what a contender loses in a fault, and what it pays twice. */
export async function fault(kind, { name, title, faulty: samples }, { concurrency, folder }) {
  const { kill = false, rules = [], limit = false } = FAULTS[kind];
  const place = join(folder, `${kind}-${name}`);
  const catalog = `${place}-catalog.db`;
  await fill(catalog, samples, kind === 'poison');
  const bill = `${place}-bill.jsonl`;
  const limits = limit ? ['--tokens-per-minute', String(await tokensAMinute(catalog, samples, LIMIT))] : [];
  const provider = await startProvider(LATENCY, ['--bill', bill, ...limits]);
  const begin = performance.now();
  const task = {
    name,
    catalog,
    baseUrl: provider.baseUrl,
    concurrency,
    samples,
    home: place,
    store: `file:${place}.db`,
  };
  try {
    await provider.setFaults(rules);
    if (kill) await killHalfWay(await startPlain(task), provider, samples);
    const { code, said } = await inTime(await startPlain(task));
    const seconds = (performance.now() - begin) / 1000;
    const there = await stored(task).catch(() => ({ samples: 0, extra: 0 }));
    const lost = samples - there.samples;
    return {
      kind,
      name,
      title,
      samples,
      lost,
      extra: there.extra,
      ...readBill(bill),
      seconds,
      code,
      said: code === 0 ? null : said,
    };
  } finally {
    provider.stop();
  }
}

async function killHalfWay({ child, ended }, provider, samples) {
  while (child.exitCode === null && (await provider.totals()).inputs < samples / 2) await wait(5);
  if (child.exitCode !== null) throw new Error(`it ended before it could be killed: ${(await ended).said}`);
  killTree(child.pid);
  await ended;
}

async function inTime({ child, ended }) {
  const late = setTimeout(() => killTree(child.pid), LONGEST_MS);
  const { code, said } = await ended;
  clearTimeout(late);
  return { code, said: code === null ? `not at its end after ${LONGEST_MS / 1000} s` : said };
}
