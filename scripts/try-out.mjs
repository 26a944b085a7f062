/** Tries a fresh clone as a new user does, and checks the output of each step. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Tests of catalog, store, process locks, workflow code and Temporal; without PostgreSQL and sqld, to save time. */
const SMOKE = [
  'test/sources/sqlite.test.ts',
  'test/engines/file.test.ts',
  'test/engines/thread.test.ts',
  'test/local/process-lock.test.ts',
  'test/replay/replay.test.ts',
  'test/workflows/embed-samples.test.ts',
];
const KILLED_SAMPLES = 4000;

/** @returns one line on how it went; throws with the output of the step that failed. */
export async function tryOut(clone, env) {
  const version = (await ends('node', ['--version'], clone, env, /^v/)).said.trim();
  console.log(`── Node ${version}: npm run demo, in a fresh clone`);
  const demo = await ends(
    'npm',
    ['run', 'demo'],
    clone,
    env,
    /Successful\s+│ 2,437 [\s\S]*bought twice: 0\n/,
  );
  console.log(summaryOf(demo.said));

  console.log('── a run that is killed, and resumed');
  const killed = { ...env, EMBEDDINGS_HOME: join(clone, '.embeddings', 'killed') };
  const again = ['dist/client.js', 'demo', '--samples', String(KILLED_SAMPLES)];
  await killAfter(5, again, clone, killed);
  const resumed = await ends('node', again, clone, killed, /Successful\s+│ 4,000 [\s\S]*bought twice: 0\n/);
  console.log(summaryOf(resumed.said));

  console.log('── search');
  const home = join(clone, '.embeddings', 'demo');
  const settings = {
    ...env,
    DATABASE_URL: join(home, 'catalog-2437.db'),
    TURSO_DATABASE_URL: `file:${join(home, 'store-2437.db')}`,
  };
  const search = ['dist/client.js', 'search', 'dark hip hop', '--mode', 'text', '--json'];
  const found = JSON.parse((await ends('node', search, clone, settings, /sample_id/)).out);
  const similar = ['dist/client.js', 'similar', String(found[0].sample_id), '--json'];
  const near = JSON.parse((await ends('node', similar, clone, settings, /sample_id/)).out);
  console.log(`${found.length} found by words, ${near.length} near the first`);

  console.log('── smoke suite');
  const smoke = await ends('node', ['scripts/test.mjs', ...SMOKE], clone, env, /Tests .*passed/);
  const tests = /Tests\s+(.*)/.exec(plain(smoke.said))?.[1];
  return (
    `Node ${version}: demo ${demo.seconds} s from the clone on, a killed run resumed in ${resumed.seconds} s, ` +
    `search found ${found.length} and ${near.length}, smoke suite ${smoke.seconds} s: ${tests}`
  );
}

function start(file, args, cwd, env) {
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const heard = { out: '', said: '' };
  child.stdout.on('data', (chunk) => {
    heard.out += chunk;
    heard.said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    heard.said += chunk;
  });
  const done = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  return { child, heard, done };
}

/** Runs a command to its end. Throws unless it exits with 0 and its output matches `expected`. */
async function ends(file, args, cwd, env, expected) {
  const begun = Date.now();
  const { heard, done } = start(file, args, cwd, env);
  const how = await done;
  const what = `${file} ${args.join(' ')}`;
  if (how !== 0) throw new Error(`${what} ended with ${how}:\n${heard.said}`);
  if (!expected.test(plain(heard.said))) throw new Error(`${what} did not say ${expected}:\n${heard.said}`);
  return { ...heard, seconds: ((Date.now() - begun) / 1000).toFixed(0) };
}

/** Sends SIGKILL to the command and its children once the provider has answered `answers` requests. */
async function killAfter(answers, args, cwd, env) {
  const { child, heard, done } = start('node', args, cwd, env);
  const bill = join(env.EMBEDDINGS_HOME, 'demo', 'bill.jsonl');
  let ended = false;
  done.then(() => {
    ended = true;
  });
  while (!existsSync(bill) || readFileSync(bill, 'utf8').split('\n').length <= answers) {
    if (ended) throw new Error(`The run ended before it could be killed:\n${heard.said}`);
    await delay(10);
  }
  process.kill(-child.pid, 'SIGKILL');
  await done;
  if (heard.said.includes('Successful'))
    throw new Error(`The run was over before it was killed:\n${heard.said}`);
}

/** Removes colour codes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes consist of control characters
const plain = (text) => text.replace(/\u001b\[[\d;]*m/g, '');

/** Returns the table at the end, and the provider's bill. */
const summaryOf = (said) =>
  /^ *Embedding Generation Summary[\s\S]*?bought twice: .*$/m.exec(plain(said))?.[0] ?? '';
