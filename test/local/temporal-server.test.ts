import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  type LeaseOptions,
  type LocalTemporal,
  leaseLocalTemporal,
  peekLocalTemporal,
} from '../../src/local/temporal/connect.js';
import { serversOf } from '../../src/local/temporal/orphans.js';
import { filesOf, type KeeperState, readState } from '../../src/local/temporal/state-file.js';
import { Database } from '../../src/sqlite.js';

const root = mkdtempSync(join(tmpdir(), 'temporal-server-'));
const keeperScript = resolve('dist/local/temporal/keeper-main.js');
const children = new Set<ChildProcess>();
const pids = new Set<number>();
const leases = new Set<LocalTemporal>();
let options: LeaseOptions & { keeperScript: string };
let count = 0;

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A killed process whose parent is gone may stay for a while as a zombie where PID 1 does not reap.
    return !existsSync('/proc') || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
const until = (condition: () => boolean | Promise<boolean>, timeout = 20_000): Promise<unknown> =>
  vi.waitFor(
    async () => {
      if (!(await condition())) throw new Error('not yet');
    },
    { timeout, interval: 20 },
  );
const gone = (...some: number[]): Promise<unknown> => until(() => !some.some(alive));

/** The state of a keeper that is up; its processes are remembered, to leave none behind. */
function stateNow(): KeeperState {
  const state = readState(options.home) as KeeperState;
  for (const pid of [state.keeperPid, state.serverPid]) if (pid > 0) pids.add(pid);
  return state;
}

/** A lease of this process, ended after the test at the latest: it would bring a killed keeper back. */
async function leased(): Promise<LocalTemporal> {
  const lease = await leaseLocalTemporal(options);
  leases.add(lease);
  return lease;
}

/** A command in a process of its own that takes a lease and stays; `close` on its stdin ends it cleanly. */
async function command(
  extra: Partial<LeaseOptions> = {},
): Promise<{ child: ChildProcess; said: { address: string } }> {
  const script = `
    const { leaseLocalTemporal } = await import(process.argv[1]);
    const lease = await leaseLocalTemporal({ ...JSON.parse(process.argv[2]), log: console.error });
    console.log(JSON.stringify(lease));
    process.stdin.on('end', () => lease.end()).resume();`;
  const compiled = resolve('dist/local/temporal/connect.js');
  const given = JSON.stringify({ ...options, ...extra });
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, compiled, given], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.add(child);
  const died = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`the command ended with ${code}`)),
  );
  died.catch(() => undefined);
  const [said] = await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), died]);
  return { child, said: JSON.parse(String(said)) };
}

const kill = async (child: ChildProcess): Promise<void> => {
  child.kill('SIGKILL');
  await once(child, 'exit');
};

async function withClient<T>(address: string, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}
const startOne = (address: string, workflowId: string): Promise<string> =>
  withClient(address, async (client) => {
    const handle = await client.workflow.start('anything', { taskQueue: 'nobody', workflowId });
    return handle.firstExecutionRunId;
  });
const runOf = (address: string, workflowId: string): Promise<string> =>
  withClient(address, async (client) => (await client.workflow.getHandle(workflowId).describe()).runId);

beforeEach(() => {
  options = {
    home: join(root, String(++count), 'home'),
    pathVar: process.env.PATH ?? '',
    cacheDir: join(homedir(), '.cache', 'sample-embeddings'),
    log: () => undefined,
    keeperScript,
  };
});
afterEach(async () => {
  await Promise.all([...leases].map((lease) => lease.end()));
  leases.clear();
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  if (existsSync(options.home)) stateNow();
  for (const pid of pids) if (alive(pid)) process.kill(pid, 'SIGKILL');
  await gone(...pids);
  pids.clear();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a lease brings a server that serves at once; a second finds it; the last clean end stops everything', async () => {
  expect(await peekLocalTemporal(options.home)).toBeNull();
  const first = await leased();
  expect(first.alreadyRunning).toBe(false);
  expect(await startOne(first.address, 'first')).toMatch(/./);
  expect(await fetch(first.uiUrl).then((answer) => answer.status)).toBe(200);

  const began = performance.now();
  expect(await peekLocalTemporal(options.home)).toEqual({ address: first.address, uiUrl: first.uiUrl });
  expect(performance.now() - began).toBeLessThan(500);

  const second = await leased();
  expect(second).toMatchObject({ address: first.address, alreadyRunning: true });
  const { keeperPid, serverPid } = stateNow();
  await first.end();
  expect(await runOf(second.address, 'first')).toMatch(/./);
  await second.end();
  await gone(keeperPid, serverPid);
  expect(await peekLocalTemporal(options.home)).toBeNull();
});

test('what the home holds is private', async () => {
  const lease = await leased();
  expect(statSync(options.home).mode & 0o777).toBe(0o700);
  for (const name of ['temporal.json', 'temporal.log', 'keeper.lock'])
    expect(statSync(join(options.home, name)).mode & 0o777).toBe(0o600);
  await lease.end();
});

test('a restart has the same port and data, also when the next command comes while the last one stops', async () => {
  const first = await leased();
  const run = await startOne(first.address, 'kept');
  await first.end();
  const second = await leased();
  expect(second).toMatchObject({ address: first.address, alreadyRunning: false });
  expect(await runOf(second.address, 'kept')).toBe(run);
  await second.end();
});

test('commands started at the same instant share one server', async () => {
  const all = await Promise.all([command(), command(), command(), leased()]);
  const addresses = all.map((one) => ('said' in one ? one.said.address : one.address));
  expect(new Set(addresses).size).toBe(1);
  expect(serversOf(filesOf(options.home).database)).toEqual([stateNow().serverPid]);
});

test('a killed command comes again and finds the same server, with nothing restarted', async () => {
  const { child, said } = await command();
  const before = stateNow();
  await kill(child);
  const again = await leased();
  expect(again).toMatchObject({ address: said.address, alreadyRunning: true });
  expect(stateNow()).toEqual(before);
  await again.end();
  await gone(before.keeperPid, before.serverPid);
});

test('a killed command that does not come again leaves nothing running', async () => {
  const { child } = await command({ keeperTimes: { lingerMs: 300 } });
  const { keeperPid, serverPid } = stateNow();
  await kill(child);
  await gone(keeperPid, serverPid);
});

test('a SIGKILLed server comes back on the same port with its data', async () => {
  const lease = await leased();
  const run = await startOne(lease.address, 'survivor');
  const { serverPid } = stateNow();
  process.kill(serverPid, 'SIGKILL');
  await until(
    async () => stateNow().serverPid !== serverPid && (await peekLocalTemporal(options.home)) !== null,
  );
  expect(await runOf(lease.address, 'survivor')).toBe(run);
  expect(stateNow().serverPid).not.toBe(serverPid);
  await lease.end();
});

test('a SIGKILLed keeper is replaced by the command that holds the lease, on the same ports', async () => {
  const lease = await leased();
  const run = await startOne(lease.address, 'survivor');
  const before = stateNow();
  process.kill(before.keeperPid, 'SIGKILL');
  await until(
    async () => stateNow().keeperPid !== before.keeperPid && (await peekLocalTemporal(options.home)) !== null,
  );
  expect(alive(before.serverPid)).toBe(false);
  expect(stateNow().address).toBe(lease.address);
  expect(await runOf(lease.address, 'survivor')).toBe(run);
  const { keeperPid, serverPid } = stateNow();
  await lease.end();
  await gone(keeperPid, serverPid);
});

test('keeper and command SIGKILLed together leave no server, and the next command goes on with the data', async () => {
  const { child, said } = await command();
  const run = await startOne(said.address, 'survivor');
  const { keeperPid, serverPid } = stateNow();
  child.kill('SIGKILL');
  process.kill(keeperPid, 'SIGKILL');
  await gone(keeperPid, serverPid);
  expect(await peekLocalTemporal(options.home)).toBeNull();
  const next = await leased();
  expect(next.address).toBe(said.address);
  expect(await runOf(next.address, 'survivor')).toBe(run);
  await next.end();
});

test('a home folder that is removed while its server runs takes the server with it', async () => {
  const lease = await leased();
  const { keeperPid, serverPid } = stateNow();
  rmSync(options.home, { recursive: true });
  await lease.end();
  await gone(keeperPid, serverPid);
});

test('a server nobody came for stops', async () => {
  const { spawnKeeper } = await import('../../src/local/temporal/spawn-keeper.js');
  const { findTemporalCli } = await import('../../src/local/temporal/find-binary.js');
  const lease = await leased();
  await lease.end();
  await gone(stateNow().keeperPid);
  const cli = await findTemporalCli(options);
  const keeper = spawnKeeper(keeperScript, { home: options.home, cli, firstLeaseMs: 200 }, options.pathVar);
  expect(await once(keeper, 'exit')).toEqual([0, null]);
  expect(stateNow()).toMatchObject({ leasePort: 0, serverPid: 0 });
});

test('a server that cannot start is a blocked fault that shows the log and where it is', async () => {
  const lease = await leased();
  await lease.end();
  const { keeperPid } = stateNow();
  await gone(keeperPid);
  for (const suffix of ['-wal', '-shm']) rmSync(join(options.home, `temporal.db${suffix}`), { force: true });
  writeFileSync(join(options.home, 'temporal.db'), 'no database at all. '.repeat(1000));
  const fault = await leased().catch((error) => error);
  expect(fault).toMatchObject({ kind: 'blocked' });
  expect(fault.message).toContain(join(options.home, 'temporal.log'));
  expect(fault.message).toContain('file is not a database');
  expect(fault.message).toContain(`move ${join(options.home, 'temporal.db')}`);
  expect(fault.message).toContain('vectors and the ledger of costs are in the store');
  expect(fault.message).not.toContain('\n');
});

test.each([
  ['another program', 'CREATE TABLE samples (id)', /of another version of Temporal, or of another program/],
  [
    'another version',
    'CREATE TABLE namespaces (id)',
    /of another version of Temporal, or of another program/,
  ],
])('a database of %s is named, with the way out', async (_name, sql, sentence) => {
  mkdirSync(options.home, { recursive: true });
  new Database(join(options.home, 'temporal.db')).exec(sql).close();
  const fault = await leased().catch((error) => error);
  expect(fault).toMatchObject({ kind: 'blocked', message: expect.stringMatching(sentence) });
  expect(fault.message).toContain('Cure: move');
});

test.each(['with # and %20', 'with blanks', 'with ?a=b', 'with "quotes", commas\' and ü'])(
  'a home folder %s holds its database, and a killed keeper is found there',
  async (name) => {
    options.home = join(root, String(count), name);
    const first = await leased();
    const run = await startOne(first.address, 'kept');
    expect(existsSync(join(options.home, 'temporal.db'))).toBe(true);
    const { serverPid, keeperPid } = stateNow();
    expect(serversOf(filesOf(options.home).database)).toEqual([serverPid]);
    process.kill(keeperPid, 'SIGKILL');
    await until(
      async () => stateNow().keeperPid !== keeperPid && (await peekLocalTemporal(options.home)) !== null,
    );
    expect(await runOf(first.address, 'kept')).toBe(run);
    await first.end();
    expect(readdirSync(join(root, String(count)))).toEqual([name]);
  },
);

test('a keeper that names another machine is not followed', async () => {
  mkdirSync(options.home, { recursive: true });
  const stranger = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('wait\nready {"address":"evil.example:7233","uiUrl":"http://evil.example"}\n');
  }).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const { port } = stranger.address() as AddressInfo;
  const ports = { grpc: 1, ui: 2 };
  const state = { address: 'a', uiUrl: 'b', leasePort: port, token: 't', keeperPid: 0, serverPid: 0, ports };
  writeFileSync(filesOf(options.home).state, JSON.stringify(state));
  expect(await peekLocalTemporal(options.home)).toBeNull();
  await expect(leased()).rejects.toThrow(/remove that file/);
  stranger.close();
});

test('a clock that is set back: the server is started again, on the same port and with its data', async () => {
  // The keeper, with a clock of its own that a file sets.
  const setBack = join(root, `set-back-${count}`);
  const script = join(root, `keeper-${count}.mjs`);
  writeFileSync(
    script,
    `import { existsSync } from 'node:fs';
    const now = Date.now;
    Date.now = () => now() - (existsSync(${JSON.stringify(setBack)}) ? 3_600_000 : 0);
    await import(${JSON.stringify(keeperScript)});`,
  );
  options.keeperScript = script;
  const lease = await leased();
  const run = await startOne(lease.address, 'kept');
  const { serverPid, keeperPid } = stateNow();
  writeFileSync(setBack, '');
  await gone(serverPid);
  await until(async () => (await peekLocalTemporal(options.home)) !== null);
  expect(stateNow()).toMatchObject({ keeperPid, address: lease.address });
  expect(await runOf(lease.address, 'kept')).toBe(run);
  expect(readFileSync(filesOf(options.home).log, 'utf8')).toContain('the clock was set back by 3600 s');
});
