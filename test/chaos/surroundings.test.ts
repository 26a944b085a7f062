import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { json } from '../e2e/scene.js';
import { CLIENT, runCli } from '../support/cli.js';
import { idsOf, judge, readStore } from '../support/referee.js';
import { type Site, setSite } from './site.js';

let site: Site;
afterEach(() => site?.close());

/** The client in a shell: `$CLI` is how it is called. */
async function shell(script: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn('sh', ['-c', script], {
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

describe('a pipe', () => {
  it.each([['$CLI --help | head -n 1'], ['$CLI --all | head -n 1']])(
    'that closes early is no error: %s',
    async (script) => {
      site = await setSite({ samples: 100 });
      const { code, stdout, stderr } = await shell(script);
      expect(stderr).toBe('');
      expect(code).toBe(0);
      expect(stdout.split('\n').length).toBeLessThanOrEqual(2);
    },
  );
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
    const { Database } = await import('../../src/sqlite.js');
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
