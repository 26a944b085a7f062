/**
 * `npm run bench:profile`: shows where the whole pipeline spends its CPU milliseconds for each 1,000 samples.
 *   npm run bench:profile -- --samples 20000 --latency 50 --top 25
 * Processes are measured by the kernel's CPU time, the worker's main thread by samples of V8's profiler. Each sample
 * counts for the innermost frame that matches a room.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDemoCatalog } from '../dist/local/demo-catalog/index.js';
import { pipeline } from './pipeline.mjs';
import { startProvider } from './provider.mjs';

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '20000' },
    latency: { type: 'string', default: '50' },
    concurrency: { type: 'string', default: '8' },
    batch: { type: 'string', default: '100' },
    top: { type: 'string', default: '0' },
  },
});
const samples = Number(values.samples);
/** Parts of the code ("rooms"). The first pattern that matches a frame's URL names its room. */
const ROOMS = [
  ['store: libSQL', /node_modules\/(?:libsql|@libsql|@neon-rs)\/|dist\/engines\//],
  ['catalog: SQLite', /node_modules\/(?:better-sqlite3(?:-12)?|kysely)\/|dist\/sources\//],
  [
    'workflow and Temporal SDK',
    /node_modules\/@temporalio\/|protobufjs|workflow-bundle|dist\/(?:workflows|hosting)\//,
  ],
  [
    'provider: HTTP, parsing, vectors',
    /node_modules\/(?:openai|undici)\/|dist\/providers\/(?!fingerprint|tokens)/,
  ],
  [
    'texts: rendering, hashing, counting',
    /dist\/(?:collections|domain)\/|dist\/providers\/(?:fingerprint|tokens)|gpt-tokenizer/,
  ],
  ['activities', /dist\/activities\//],
];
/** Node's own frames. Only the provider uses Node's HTTP client. */
const NODE = [
  [
    'provider: HTTP, parsing, vectors',
    /node:internal\/(?:deps\/undici|streams|webstreams|stream_base)|node:(?:net|buffer|_http)/,
  ],
  ['texts: rendering, hashing, counting', /node:internal\/crypto/],
];
/** Names that V8 gives where there is no function. */
const NAMELESS = new Map([
  ['(idle)', 'idle'],
  ['(program)', 'native, outside JavaScript'],
  ['(garbage collector)', 'garbage collection'],
]);
const CLOCK_TICKS = Number(execFileSync('getconf', ['CLK_TCK']));

/** Returns the CPU milliseconds of a process with all its threads. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / CLOCK_TICKS;
}
const childrenOf = (pid) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
const descendantsOf = (pid) => childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
const nameOf = (pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, 3).join(' ');

/** Returns the self time by room and by function, in microseconds. */
function roomsOf({ nodes, samples: hits, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) byId.get(child).parent = node;
  const rooms = {};
  const functions = {};
  for (const [index, id] of hits.entries()) {
    const micros = timeDeltas[index];
    const node = byId.get(id);
    const { functionName, url } = node.callFrame;
    let room = NAMELESS.get(functionName);
    for (let at = node; room === undefined && at !== undefined; at = at.parent)
      room = [...ROOMS, ...NODE].find(([, pattern]) => pattern.test(at.callFrame.url))?.[0];
    room ??= 'other';
    rooms[room] = (rooms[room] ?? 0) + micros;
    const name = `${room} · ${functionName || '(anonymous)'} ${url.split('/').slice(-3).join('/')}:${node.callFrame.lineNumber + 1}`;
    if (room !== 'idle') functions[name] = (functions[name] ?? 0) + micros;
  }
  return { rooms, functions };
}

const home = mkdtempSync(join(tmpdir(), 'sample-embeddings-bench-profile-'));
const provider = await startProvider(Number(values.latency));
try {
  const catalog = join(home, 'catalog.db');
  await createDemoCatalog({ path: catalog, samples });
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  let profile;
  const cpu = {};
  const before = process.cpuUsage();
  await session.post('Profiler.start');
  const { rate } = await pipeline({
    ...{ catalog, samples, baseUrl: provider.baseUrl },
    ...{ concurrency: Number(values.concurrency), batchSize: Number(values.batch) },
    ...{ store: `file:${join(home, 'store.db')}`, home: join(home, 'state') },
    async after() {
      if (profile !== undefined) return;
      ({ profile } = await session.post('Profiler.stop'));
      const { user, system } = process.cpuUsage(before);
      cpu.worker = (user + system) / 1000;
      for (const pid of descendantsOf(process.pid)) cpu[nameOf(pid)] = cpuOf(pid);
    },
  });
  const per = (ms) => (ms / (samples / 1000)).toFixed(0).padStart(6);
  console.log(`${samples} samples at ${rate.toFixed(0)}/s; CPU milliseconds for each 1,000`);
  const { rooms, functions } = roomsOf(profile);
  const busy = Object.entries(rooms).filter(([room]) => room !== 'idle');
  const main = busy.reduce((sum, [, micros]) => sum + micros / 1000, 0);
  for (const [name, ms] of Object.entries(cpu)) {
    const what = /start-dev/.test(name)
      ? "Temporal's dev server"
      : /sandbox/.test(name)
        ? 'the sandbox provider'
        : name;
    console.log(`${per(ms)}  ${what}`);
    if (name !== 'worker') continue;
    console.log(`${per(main)}    main thread`);
    for (const [room, micros] of busy.sort((a, b) => b[1] - a[1]))
      console.log(`${per(micros / 1000)}      ${room}`);
    console.log(
      `${per(Math.max(0, ms - main))}    other threads: the SDK's core, workflow threads, garbage collection`,
    );
  }
  for (const [name, micros] of Object.entries(functions)
    .sort((a, b) => b[1] - a[1])
    .slice(0, Number(values.top)))
    console.log(`${per(micros / 1000)}  ${name}`);
} finally {
  provider.stop();
  rmSync(home, { recursive: true, force: true });
}
process.exit(0);
