import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/hosting/log.js';
import { temporaryFolder } from '../support/cli.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** Each makes `file` a log that cannot be written. */
const TROUBLES: readonly [string, (file: string) => void, RegExp][] = [
  ['on a full disk', (file) => symlinkSync('/dev/full', file), /ENOSPC.*; make room on that disk$/],
  [
    'that is a folder',
    (file) => mkdirSync(file),
    /EISDIR.*; let this user write there, or set EMBEDDINGS_HOME/,
  ],
  ['behind a link to nowhere', (file) => symlinkSync('/proc/nowhere', file), /ENOENT.*set EMBEDDINGS_HOME/],
];

describe('a log', () => {
  it.each(TROUBLES)('%s throws nothing and is said once', (_, spoil, sentence) => {
    const file = join(folder.path, 'worker.log');
    spoil(file);
    const told: string[] = [];
    const log = createLog('info', { file, tell: (text) => void told.push(text) });
    for (let line = 0; line < 2000; line++) log.info({ line, text: 'x'.repeat(1000) }, 'a line');
    log.error({ err: new Error('of ours') }, 'more');
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`the log ${file} cannot be written`);
    expect(told[0]).toMatch(new RegExp(sentence.source, 's'));
  });

  it('in a folder that is a file throws nothing', () => {
    const home = join(folder.path, 'home');
    writeFileSync(home, '');
    const told: string[] = [];
    createLog('info', { file: join(home, 'worker.log'), tell: (text) => void told.push(text) }).info(
      'a line',
    );
    expect(told).toHaveLength(1);
    expect(existsSync(join(home, 'worker.log'))).toBe(false);
  });
});
