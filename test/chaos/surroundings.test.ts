import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { json } from '../e2e/scene.js';
import { CLIENT, runCli } from '../support/cli.js';
import { idsOf, judge, readStore } from '../support/referee.js';
import { type Site, setSite } from './site.js';

let site: Site;
afterEach(() => site?.close());

/** The client in a shell: `$CLI` is how it is called. */
async function shell(script: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn('bash', ['-c', script], {
    cwd: site.path,
    env: { ...process.env, ...site.env, NO_COLOR: '1', CLI: `${process.execPath} ${CLIENT}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** Of a script that ends with `; echo "$?"` or the like: the number on its last line. */
const told = (stdout: string): number => Number(stdout.trimEnd().split('\n').at(-1));

describe('a pipe that closes early', () => {
  it('is no error of the help', async () => {
    site = await setSite({ samples: 1 });
    const { stdout, stderr } = await shell('$CLI --help | head -n 1; echo "$PIPESTATUS"');
    expect(stderr).toBe('');
    expect(told(stdout)).toBe(0);
  });

  it('ends no run: all is stored and booked, and the exit code is the run’s', async () => {
    site = await setSite({ samples: 100, sandbox: { latencyMs: 100 } });
    const { stdout, stderr } = await shell(
      '$CLI --all --batch-size 5 --concurrency 2 | head -n 1; echo "$PIPESTATUS"',
    );
    expect(stderr).toBe('');
    expect(told(stdout)).toBe(0);
    judge(site.store, idsOf(site.catalog), site.sandbox.bill());
    const { ids, uncertain, unknownNanos } = readStore(site.store).facts;
    expect(ids).toHaveLength(100);
    expect({ uncertain, unknownNanos }).toEqual({ uncertain: 0, unknownNanos: 0 });
    expect(site.sandbox.bill().boughtTwice).toBe(0);
  });

  it('ends no run in which samples fail: the exit code says so', async () => {
    const fault = { kind: 'status', status: 400, message: 'refused' } as const;
    site = await setSite({ samples: 20, sandbox: { faults: [{ fault, contains: 'POISON' }] } });
    const db = new Database(site.catalog);
    db.exec("UPDATE samples SET title = 'POISON' WHERE id = (SELECT MIN(id) FROM samples)");
    db.close();
    const { stdout } = await shell('$CLI --all | head -n 1; echo "$PIPESTATUS"');
    expect(told(stdout)).toBe(1);
    expect(readStore(site.store).facts.failed).toHaveLength(1);
  });

  it('ends a command that only looks', async () => {
    site = await setSite({ samples: 20 });
    const { code } = await shell(
      '$CLI --all --json > /dev/null; $CLI status | head -n 1; exit "$PIPESTATUS"',
    );
    expect(code).toBe(0);
  });
});

describe('output that cannot be written', () => {
  it('ends no run, and is no success: a full disk', async () => {
    site = await setSite({ samples: 40 });
    const { code, stderr } = await shell('$CLI --all --json > /dev/full');
    expect(stderr).toContain('stdout cannot be written (ENOSPC): nothing more is printed there\n');
    expect(code).toBe(4);
    judge(site.store, idsOf(site.catalog), site.sandbox.bill());
    expect(readStore(site.store).vectors).toHaveLength(40);
  });
});

describe('logs that cannot be written', () => {
  it('end no run: a full disk under the worker’s log and under Temporal’s is said once', async () => {
    site = await setSite({ samples: 60 });
    const home = join(site.path, '.embeddings');
    mkdirSync(home);
    for (const log of ['worker.log', 'temporal.log']) symlinkSync('/dev/full', join(home, log));
    const run = await site.run(['--all', '--batch-size', '5', '--json'], { LOG_LEVEL: 'debug' });
    expect(run.code, run.stderr).toBe(0);
    expect(run.stderr.match(/cannot be written \(ENOSPC/g)).toHaveLength(1);
    expect(json(run)).toMatchObject({ state: 'completed', stored: 60, failed: 0 });
    judge(site.store, idsOf(site.catalog), site.sandbox.bill());
  });
});

describe('few open files', () => {
  it('512 are enough for a run, Temporal’s server included', async () => {
    site = await setSite({ samples: 1000 });
    const { code, stdout, stderr } = await shell('ulimit -n 512; exec $CLI --all --concurrency 8 --json');
    expect(code, stderr).toBe(0);
    expect(json({ stdout })).toMatchObject({ state: 'completed', stored: 1000, failed: 0 });
    judge(site.store, idsOf(site.catalog), site.sandbox.bill());
  });

  // Node opens a package's ES modules all at once, and Temporal's SDK opens an event loop for each script it times.
  it('64 are too few: refused with the cure, nothing is sent', async () => {
    site = await setSite({ samples: 100 });
    const { code, stdout, stderr } = await shell('ulimit -n 64; exec $CLI --all --json');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'error: this process may open 64 files at once and needs 512; raise the limit: ulimit -n 1024\n',
    );
    expect(json({ stdout })).toHaveProperty('error');
    expect(site.sandbox.bill().entries).toEqual([]);
  });
});

describe('a clock that is off', () => {
  it('by a day, forwards and then back: runs end, nothing is bought twice and what is edited is stored', async () => {
    site = await setSite({ samples: 60 });
    /** The process's own clock; Temporal's stays right. */
    const off = (ms: number): Record<string, string> => {
      const code = `const D = Date, now = D.now; globalThis.Date = class extends D {
        constructor(...a) { if (a.length) super(...a); else super(now() + ${ms}); }
        static now() { return now() + ${ms}; } };`;
      return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
    };
    const DAY = 86_400_000;
    const ahead = json(await site.run(['--all', '--json'], off(DAY)));
    expect(ahead).toMatchObject({ state: 'completed', stored: 60, failed: 0 });
    const db = new Database(site.catalog);
    db.exec("UPDATE samples SET title = title || ' (edit)'");
    db.close();
    const behind = json(await site.run(['--all', '--json'], off(-DAY)));
    expect(behind).toMatchObject({ state: 'completed', stored: 60, failed: 0 });
    judge(site.store, idsOf(site.catalog), site.sandbox.bill());
    for (const { embedding_source: text } of readStore(site.store).vectors) expect(text).toContain('(edit)');
    expect(site.sandbox.bill().boughtTwice).toBe(0);
  });
});

describe('.env', () => {
  it('with a byte order mark, CRLF, quotes and blanks is read as meant', async () => {
    site = await setSite({ samples: 30 });
    const lines = Object.entries(site.env).map(([name, value], index) =>
      index % 2 === 0 ? `${name}="${value}"` : `export ${name} = '${value}'  `,
    );
    writeFileSync(join(site.path, '.env'), `\uFEFF${['# settings', ...lines, ''].join('\r\n')}`);
    const run = await runCli(site.path, ['--all', '--json']);
    expect(json(run)).toMatchObject({ state: 'completed', stored: 30 });
    judge(site.store, idsOf(site.catalog), site.sandbox.bill());
  });
});
