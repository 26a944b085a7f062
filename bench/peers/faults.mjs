import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { createDemoCatalog } from '../../dist/local/demo-catalog/index.js';
import { startProvider } from '../provider.mjs';
import { texts } from './contenders/texts.mjs';
import { killTree } from './process-tree.mjs';
import { startPlain, stored } from './start.mjs';

const LATENCY = 50;
const LONGEST_MS = 120_000;
/** Samples a second that the provider lets through when it has a limit: below what any batching contender asks for. */
const LIMIT = 200;
const REFUSED = 10;

/** What goes wrong: `rules` of the provider, `limit` of its own, or a kill half-way and the same command again. */
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

/** What a contender loses, and what it pays twice. */
export async function fault(kind, { name, title, faulty: samples }, { concurrency, folder }) {
  const { kill = false, rules = [], limit = false } = FAULTS[kind];
  const place = join(folder, `${kind}-${name}`);
  const catalog = `${place}-catalog.db`;
  await fill(catalog, samples, kind === 'poison');
  const bill = `${place}-bill.jsonl`;
  const limits = limit ? ['--tokens-per-minute', String(await tokensAMinute(catalog, samples))] : [];
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

/** Every text differs from all others, so that what is charged twice was bought twice. */
async function fill(path, samples, poisoned) {
  await createDemoCatalog({ path, samples });
  const db = new Database(path);
  db.exec("UPDATE samples SET title = COALESCE(title, '') || ' ' || id");
  if (poisoned)
    db.prepare(
      "UPDATE samples SET title = 'POISON' WHERE id = (SELECT id FROM samples ORDER BY id LIMIT 1 OFFSET ?)",
    ).run(samples / 2);
  db.close();
}

/** As the provider estimates them: a quarter of the bytes. */
async function tokensAMinute(catalog, samples) {
  const all = await texts(catalog, samples);
  const tokens = all.reduce((sum, { text }) => sum + Math.ceil(Buffer.byteLength(text) / 4), 0);
  return Math.round((60 * LIMIT * tokens) / samples);
}

async function killHalfWay({ child, ended }, provider, samples) {
  while (child.exitCode === null && (await provider.totals()).inputs < samples / 2) await wait(2);
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

/** `twice`: texts charged again; `again`: texts answered again, charged or free from the provider's response cache. */
function readBill(file) {
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const keys = lines.flatMap((line) => line.keys);
  const distinct = new Set(keys).size;
  const answered = lines.reduce((sum, { entry }) => sum + entry.inputs, 0);
  return {
    twice: keys.length - distinct,
    again: answered - distinct,
    requests: lines.length,
    refused: lines.filter(({ entry }) => entry.status === 429).length,
  };
}
