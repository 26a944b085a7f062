import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SQLITE_PACKAGE } from '../src/sqlite.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-driver-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const name of ['sqlite.js', 'fault.js']) cpSync(resolve('dist', name), join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the driver says when it is imported beside these node_modules. */
const said = (): { kind: string; message: string } =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `await import('./sqlite.js').catch(({ kind, message }) => console.log(JSON.stringify({ kind, message })));`,
      ],
      { cwd: folder, encoding: 'utf8' },
    ),
  );
const cure = /Cure: .*npm (install|rebuild)/;

it('a driver that is not installed is a usage fault with its cure', () => {
  const fault = said();
  expect(fault.kind).toBe('usage');
  expect(fault.message).toMatch(new RegExp(`^The SQLite driver ${SQLITE_PACKAGE} does not load on Node v`));
  expect(fault.message).toMatch(cure);
});

it('so is one whose native part is of another machine', () => {
  for (const name of [SQLITE_PACKAGE, 'bindings', 'file-uri-to-path']) {
    const from = resolve('node_modules', name);
    if (existsSync(from)) cpSync(from, join(folder, 'node_modules', name), { recursive: true });
  }
  const driver = join(folder, 'node_modules', SQLITE_PACKAGE);
  for (const name of readdirSync(driver, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.node')) writeFileSync(join(driver, name), 'of another machine');
  const fault = said();
  expect(fault.kind).toBe('usage');
  expect(fault.message).toMatch(/does not load on Node v.*: .*\.node/);
  expect(fault.message).toMatch(cure);
});
