import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { tryProcessLock } from '../../src/local/process-lock.js';

const root = mkdtempSync(join(tmpdir(), 'process-lock-'));
const compiled = resolve('dist/local/process-lock.js');
const children = new Set<ChildProcess>();
let file = '';
let count = 0;

beforeEach(() => {
  file = join(root, `${++count}.lock`);
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** A process that tries the lock, says what came of it, and stays. */
async function inAnotherProcess(path: string): Promise<{ said: string; child: ChildProcess }> {
  const script = `
    const { tryProcessLock } = await import(process.argv[1]);
    console.log(tryProcessLock(process.argv[2]) === null ? 'refused' : 'held');
    globalThis.gc();
    setInterval(() => globalThis.gc(), 20);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script, compiled, path]);
  children.add(child);
  const [said] = await once(child.stdout, 'data');
  return { said: String(said).trim(), child };
}

test('a second taker in the same process is refused until the first lets go', () => {
  const first = tryProcessLock(file);
  expect(first).not.toBeNull();
  expect(tryProcessLock(file)).toBeNull();
  first?.release();
  first?.release();
  const second = tryProcessLock(file);
  expect(second).not.toBeNull();
  second?.release();
});

test('another process is refused while we hold it, however often we ask again ourselves', async () => {
  const lock = tryProcessLock(file);
  for (let attempt = 0; attempt < 3; attempt++) expect(tryProcessLock(file)).toBeNull();
  const { said, child } = await inAnotherProcess(file);
  expect(said).toBe('refused');
  child.kill('SIGKILL');
  lock?.release();
});

test('SIGKILL of the holder frees it, even of a holder that kept no reference to its lock', async () => {
  const { said, child } = await inAnotherProcess(file);
  expect(said).toBe('held');
  expect(tryProcessLock(file)).toBeNull();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = tryProcessLock(file);
  expect(lock).not.toBeNull();
  lock?.release();
});

test('of many processes at once exactly one gets it', async () => {
  const all = await Promise.all(Array.from({ length: 5 }, () => inAnotherProcess(file)));
  expect(all.filter(({ said }) => said === 'held')).toHaveLength(1);
  for (const { child } of all) child.kill('SIGKILL');
});

test('the file is private', () => {
  tryProcessLock(file)?.release();
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a place that cannot be used is a blocked fault that names it', () => {
  const place = join(root, 'missing', 'x.lock');
  expect(() => tryProcessLock(place)).toThrow(expect.objectContaining({ kind: 'blocked' }));
  writeFileSync(file, 'this is no SQLite file, and far longer than its header would be. '.repeat(20));
  expect(() => tryProcessLock(file)).toThrow(file);
});

test('on a full disk it says so, with the cure', (context) => {
  const disk = join(root, 'disk');
  mkdirSync(disk);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status !== 0)
    return context.skip('no right to mount a small disk');
  try {
    expect(() => {
      writeFileSync(join(disk, 'x.lock'), '');
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(1_000_000));
    }).toThrow(/ENOSPC/);
    expect(() => tryProcessLock(join(disk, 'x.lock'))).toThrow(/its disk is full: make room/);
  } finally {
    spawnSync('umount', ['-l', disk]);
  }
});
