import { afterEach, describe, expect, it } from 'vitest';
import { createConsole } from '../../src/commands/console.js';
import { Database } from '../../src/sqlite.js';
import { runCli } from '../support/cli.js';
import { type OpenBook, setOpenBook } from './temporal-on-file.js';

/** Markdown, HTML, colours, a window title, 8-bit CSI, text that runs backwards. */
const HOSTILE =
  'canary [x](javascript:alert(1)) `code` | **bold** <img src=x onerror=alert(1)> \u001b[31m \u001b]0;title\u0007 \u009b2J \u202eback';
/** Whatever a terminal acts on; a line's end is ours. */
const ACTIVE = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;
/** Markdown that means something: what was escaped does not. */
const MARKDOWN = /(?<!\\)[[\]`<>|]/;

let book: OpenBook | undefined;
afterEach(async () => {
  await book?.close();
  book = undefined;
});

describe('titles and sentences of others', () => {
  it('do nothing to a terminal and are no Markdown in the Web UI', async () => {
    book = await setOpenBook(30);
    const db = new Database(book.catalog);
    db.prepare('UPDATE samples SET title = ? WHERE id % 2 = 0').run(HOSTILE);
    db.prepare(
      "UPDATE samples SET title = 'POISON ' || title WHERE id = (SELECT min(id) FROM samples)",
    ).run();
    db.close();
    book.sandbox.setFaults([
      { fault: { kind: 'status', status: 400, message: HOSTILE }, contains: 'POISON' },
      { fault: { kind: 'status', status: 402, message: HOSTILE }, times: 1 },
    ]);
    const worker = book.start(['worker']);
    const said: string[] = [];
    const blocked = await book.run(['--all', '--batch-size', '30']);
    expect(blocked.code).toBe(3);
    said.push(blocked.stdout, blocked.stderr);
    let shown = await book.webUi();
    while (!shown.details.includes('blocked')) shown = await book.webUi();
    const { summary, details } = shown;
    expect(details).toContain('canary');
    expect(details).not.toMatch(ACTIVE);
    // What others said stands in code spans, whose fences are longer than any run of backticks in them.
    const ours = details.replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '');
    expect(ours).toContain('**blocked**');
    expect(ours).not.toContain('canary');
    expect(ours).not.toMatch(MARKDOWN);
    expect(summary).toBe('all samples');
    for (const args of [['status'], ['status', '--json'], ['--all'], ['failures'], ['failures', '--json']]) {
      const { stdout, stderr } = await book.run(args);
      if (args[0] !== '--all') expect(stdout, args.join(' ')).toContain('canary');
      said.push(stdout, stderr);
    }
    worker.child.kill('SIGTERM');
    const { stderr: log } = await worker.done;
    for (const text of [...said, log]) expect(text).not.toMatch(ACTIVE);
  });

  it.each([
    [[HOSTILE]],
    [['--batch-size', HOSTILE]],
    [['--sample-ids', HOSTILE]],
    [[`--${HOSTILE}`]],
    [['--all', '--json']],
  ])('are shown inert where the command line or a setting holds them: %j', async (args) => {
    const { code, stdout, stderr } = await runCli('/', args, {
      DATABASE_URL: `x:${HOSTILE}`,
      // Settings are read before the ids, which are numbers or text as the collection has them.
      ...(args[0] !== '--sample-ids' && { LOG_LEVEL: HOSTILE }),
    });
    expect(code).toBe(2);
    // A setting that holds what it cannot hold may be a secret in the wrong place: it is not shown at all.
    if (args[0] === '--all') expect(stdout + stderr).not.toContain('canary');
    else expect(stdout + stderr).toContain('canary');
    expect(stdout).not.toMatch(ACTIVE);
    expect(stderr).not.toMatch(ACTIVE);
  });

  it('travel whole in JSON, escaped', () => {
    const written: string[] = [];
    const stdout = { write: (text: string) => written.push(text) } as unknown as NodeJS.Process['stdout'];
    createConsole({ stdout, stderr: process.stderr }, true).answer({ [HOSTILE]: HOSTILE });
    expect(written.join('')).not.toMatch(ACTIVE);
    expect(JSON.parse(written.join(''))).toEqual({ [HOSTILE]: HOSTILE });
  });
});
