import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient } from '@libsql/client';
import { load } from './contenders/index.mjs';
import { killTree, usage } from './process-tree.mjs';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
/** Environment variables of the developer that are kept from contenders. */
const SETTINGS =
  /^(OPENROUTER|OPENAI|LANGCHAIN|TURSO|DATABASE_URL|EMBEDDING|TEMPORAL|BATCH_SIZE|MAX_RETRIES|CONCURRENCY|LOG_LEVEL)/;
const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.test(name)));

/** Starts a contender. `ended` resolves with its exit code and its last line, or `account`'s summary of its stdout. */
function start(args, env = {}, account = null) {
  const child = spawn(process.execPath, args, { env: { ...own, ...env }, stdio: 'pipe' });
  const heard = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'])
    child[stream].on('data', (chunk) => {
      heard[stream] = (heard[stream] + chunk).slice(-20_000);
    });
  const ended = once(child, 'close').then(([code]) => {
    const said = heard.stderr.trim().split('\n').at(-1);
    return { code, said: account === null || heard.stdout === '' ? said : account(heard.stdout) };
  });
  return { child, ended };
}

/** Starts a contender without measurement: it begins at once and ends by itself. */
export async function startPlain(task) {
  const { command, account } = await load(task.name);
  const { args, env } = command?.(task) ?? { args: [CHILD, JSON.stringify(task)] };
  const running = start(args, env, account);
  running.child.stdin.end();
  return running;
}

/** Measures a run: seconds of the work and of the whole process, CPU seconds of the work, peak memory of the tree. */
export async function measure(task) {
  const begin = performance.now();
  const { child, ended } = start([CHILD, JSON.stringify({ ...task, watched: true })]);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${task.name} ended early: ${(await ended).said}`);
      if (value.startsWith('{')) return JSON.parse(value);
    }
  };
  try {
    await next();
    const before = usage(child.pid);
    child.stdin.write('go\n');
    const { seconds } = await next();
    const after = usage(child.pid);
    child.stdin.end('go\n');
    await ended;
    const cpu = after.cpu === null ? null : after.cpu - before.cpu;
    return { seconds, whole: (performance.now() - begin) / 1000, cpu, peak: after.peak };
  } finally {
    if (child.exitCode === null) killTree(child.pid);
  }
}

/** Returns how many samples are stored with a vector of the right length, and the number of surplus rows. */
export async function stored({ name, store }) {
  const { STORED } = await load(name);
  const db = createClient({ url: store });
  try {
    const sql = `SELECT COUNT(DISTINCT id) AS samples, COUNT(*) AS n FROM (${STORED})`;
    const [row] = (await db.execute(sql)).rows;
    return { samples: Number(row.samples), extra: Number(row.n) - Number(row.samples) };
  } finally {
    db.close();
  }
}
