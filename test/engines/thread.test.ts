import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { SQLITE_PACKAGE } from '../../src/sqlite.js';
import { temporaryFolder } from '../support/cli.js';
import { compiledStore } from './scene.js';

const folders: ReturnType<typeof temporaryFolder>[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

/** Runs a script beside the compiled store: a thread needs compiled code. Gives what it says. */
async function beside(script: string): Promise<{ said: Record<string, unknown>; path: string }> {
  const folder = temporaryFolder();
  folders.push(folder);
  const path = join(folder.path, 'store.db');
  const main = join(compiledStore(folder.path), 'script.js');
  const head = `import { connect } from './engines/libsql/connection.js';
    import { spawn } from 'node:child_process';
    import { once } from 'node:events';
    const path = ${JSON.stringify(path)};
    const open = (more = {}) => connect({ url: 'file:' + path, ownThread: true, ...more });
    const say = (what) => console.log(JSON.stringify(what));
    const failure = (promise) => promise.then(() => null, ({ name, message, cause }) =>
      ({ name, message, cause: cause && { name: cause.name, code: cause.code } }));`;
  writeFileSync(main, `${head}\n${script}`);
  const { stdout } = await promisify(execFile)(process.execPath, [main], { timeout: 50_000 });
  return { said: JSON.parse(stdout), path };
}

it('gives rows of every type as they are, and leaves a whole file behind', async () => {
  const { said, path } = await beside(`
    const store = await open();
    await store.write('make', ['CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB, n TEXT)']);
    await store.write('fill', [{ sql: 'INSERT INTO t VALUES (?, ?, ?, ?, ?)',
      args: [9007199254740991n, 0.5, 'ü', new Uint8Array([1, 2]), null] }]);
    const { rows: [row], columns } = await store.read('look', 'SELECT *, i AS big FROM t');
    say({ ...row, b: [...new Uint8Array(row.b)], columns });
    await store.close();`);
  expect(said).toMatchObject({ i: 9007199254740991, r: 0.5, s: 'ü', b: [1, 2], n: null });
  expect(said.columns).toEqual(['i', 'r', 's', 'b', 'n', 'big']);
  expect(existsSync(`${path}-wal`)).toBe(false);
});

it('says what the database says: which statement was refused, that it is locked', async () => {
  const { said } = await beside(`
    const store = await open({ deadlineMs: 300 });
    await store.write('make', ['CREATE TABLE t (i INTEGER PRIMARY KEY)', 'INSERT INTO t VALUES (1)']);
    const twice = await failure(store.write('fill', ['INSERT INTO t VALUES (2)', 'INSERT INTO t VALUES (1)']));
    const hold = "const db = new (require('${SQLITE_PACKAGE}'))(process.argv[1]); db.exec('BEGIN IMMEDIATE'); console.log('held')";
    const holder = spawn(process.execPath, ['-e', hold + "; setInterval(() => {}, 1000)", path]);
    await once(holder.stdout, 'data');
    const locked = await failure(store.write('fill', ['INSERT INTO t VALUES (3)']));
    holder.kill();
    await once(holder, 'exit');
    await store.write('fill', ['INSERT INTO t VALUES (4)']);
    const { rows } = await store.read('look', 'SELECT i FROM t ORDER BY i');
    say({ twice, locked, rows: rows.map(({ i }) => i) });
    await store.close();`);
  expect(said.twice).toMatchObject({
    name: 'Error',
    cause: { code: expect.stringContaining('SQLITE_CONSTRAINT') },
  });
  expect(said.locked).toMatchObject({ message: expect.stringMatching(/SQLITE_BUSY|locked/) });
  expect(said.rows).toEqual([1, 4]);
});

it('lets its process do other things meanwhile, and end without being closed', async () => {
  const { said } = await beside(`
    const store = await open();
    let ticks = 0;
    const timer = setInterval(() => { ticks += 1; }, 1);
    await store.read('long', 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3000000) SELECT count(*) FROM c');
    clearInterval(timer);
    say({ busy: ticks > 5 });`);
  expect(said).toEqual({ busy: true });
});
