import { setTimeout as wait } from 'node:timers/promises';
import { seeded } from '../../../dist/seeded-random.js';
import { inFlight, judge, readBill, readStore, snapshot, watchArgv } from '../referee/index.mjs';
import { runOnce, startCrew } from './crew.mjs';
import { createKiller } from './killer.mjs';
import { setStage } from './stage.mjs';
import { startWeather } from './weather.mjs';

const SWEEPS = 3;
/** Share of the run over which kills are spread, so that the last kill comes before the last texts. */
const SPREAD = 0.9;

/**
 * Runs one storm: a run during which parts are killed and the provider misbehaves. Then the faults end, the run
 * completes, a second run follows, and the referee judges. Either `minutes` of storm, or `kills` spread over the run.
 */
export async function runStorm(options) {
  const {
    samples,
    shared = 0,
    seed,
    minutes = null,
    kills = null,
    calm = false,
    finishMinutes = 10,
    log,
  } = options;
  const random = seeded(seed);
  const texts = samples - shared;
  const started = Date.now();
  const stage = await setStage({
    random,
    poison: 0,
    shared: 0,
    cache: true,
    batchSize: 100,
    concurrency: 4,
    ...options,
  });
  const argv = watchArgv();
  let keep = true;
  try {
    await stage.serveStore();
    const killer = createKiller(stage, random);
    let done = 0;
    const goal = () =>
      kills === null
        ? (Date.now() - started) / (minutes * 60_000)
        : (SPREAD * (killer.kills.length + 1)) / kills;
    const weather = startWeather(stage.provider, {
      random,
      calm,
      hurry: () => done / texts < goal(),
      fastMs: options.latencyMs ?? 30,
      slowMs: options.slowMs ?? 4000,
    });
    const crew = startCrew(stage, random);
    let report = null;
    crew.completed.then((answer) => {
      report = answer;
    });

    const goesOn = () => report === null && (kills === null ? goal() < 1 : killer.kills.length < kills);
    while (goesOn()) {
      // A kill is due after some time, or once the run has made enough progress.
      const due = kills === null ? Date.now() + random.integer(1000, 6000) : Date.now() + 15_000;
      const there = () =>
        Date.now() >= due ||
        (kills !== null && done / texts >= (SPREAD * (killer.kills.length + 0.5)) / kills);
      while (goesOn() && !there()) {
        done = (await stage.provider.totals()).inputs;
        await wait(50);
      }
      if (kills !== null) await wait(random.integer(0, 500));
      if (goesOn() && (await killer.kill())) log?.(progressLine(started, killer.kills, done, texts));
    }
    const stormMs = Date.now() - started;
    await weather.clear();
    log?.(
      `the weather clears after ${Math.round(stormMs / 1000)} s and ${killer.kills.length} kills; ${done} of ${texts} texts charged`,
    );

    const late = new AbortController();
    await Promise.race([
      crew.completed,
      wait(finishMinutes * 60_000, null, { signal: late.signal }).catch(() => null),
    ]);
    late.abort();
    await crew.stop();
    const violations = [];
    const swept = [];
    if (report === null)
      violations.push({
        rule: 'not-finished',
        message: `the run did not end within ${finishMinutes} minutes of clear weather`,
      });
    else {
      // Samples that failed in the storm for temporary reasons are sent again by the next run.
      while (report.failed > stage.evidence.mayFail.length && swept.length < SWEEPS) {
        swept.push(report.failed - stage.evidence.mayFail.length);
        report = await runOnce(stage);
      }
      const before = await snapshot(stage.evidence);
      report = await runOnce(stage);
      stage.evidence.secondRun = { before, after: await snapshot(stage.evidence) };
      stage.evidence.report = report;
      violations.push(...(await verifyStore(stage)));
    }
    await stage.temporal.end();
    const secrets = { canaries: stage.canaries, folders: [stage.folder], output: {}, argv: argv.stop() };
    violations.push(...(await judge({ ...stage.evidence, kills: killer.kills, secrets })));
    const found = await figures(stage, killer.kills, samples);
    if (calm) violations.push(...judgeRepeats(found, options.cache ?? true));
    keep = violations.length > 0;
    return {
      violations,
      ...found,
      failedInStorm: swept,
      ends: crew.ends,
      stormSeconds: Math.round(stormMs / 1000),
      seconds: Math.round((Date.now() - started) / 1000),
      folder: keep ? stage.folder : null,
    };
  } finally {
    argv.stop();
    await stage.close({ keep });
  }
}

/** Rule: the product's own `verify` finds no problem in the store. */
async function verifyStore({ verify }) {
  const { code } = await verify.start();
  return code === 0
    ? []
    : [{ rule: 'verify', message: `verify ended with ${code}; see ${verify.printed()}` }];
}

/** Rule, without provider faults: no text is bought twice with the provider's cache; else at most those in flight. */
function judgeRepeats({ boughtTwice, inFlight: open }, cached) {
  const allowed = cached ? 0 : open;
  if (boughtTwice <= allowed) return [];
  return [{ rule: 'bought-twice', message: `${boughtTwice} texts bought twice, ${allowed} allowed` }];
}

async function figures({ evidence }, kills, samples) {
  const bill = readBill(evidence.bill);
  const store = await readStore(evidence.store);
  const byKind = {};
  for (const { kind } of kills) byKind[kind] = (byKind[kind] ?? 0) + 1;
  const uncertain = store.ledger.filter((row) => row.status === 'uncertain').length;
  return {
    kills: byKind,
    requests: bill.requests,
    repeatsFromCache: bill.cached,
    boughtTwice: bill.boughtTwice,
    uncertain,
    repeats: repeatsOf(bill),
    lost: samples - store.samples.size - store.failed.size,
    failed: store.failed.size,
    inFlight: kills.reduce((sum, kill) => sum + inFlight(kill, store).size, 0),
  };
}

/** Returns when texts were bought again, in ms after the answer before; below 0: before that answer. */
const repeatsOf = ({ texts }) => [
  ...new Set(
    [...texts.values()].flatMap(({ charges }) =>
      charges.slice(1).map(({ since }, index) => since - charges[index].at),
    ),
  ),
];

const progressLine = (started, kills, done, texts) =>
  `${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s · kill ${String(kills.length).padStart(3)} ${kills.at(-1).kind.padEnd(8)} · ` +
  `${done} of ${texts} texts charged`;
