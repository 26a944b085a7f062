import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/engines/libsql/index.js';
import type { Store } from '../../src/engines/store.js';
import { SQLITE_PACKAGE } from '../../src/sqlite.js';
import { batch, readElsewhere, run, temporary, vectorRow } from './scene.js';

/** Another process, with another SQLite, that holds the file's write lock for a while. */
async function lockElsewhere(path: string, ms: number): Promise<{ released: Promise<unknown> }> {
  const script = `const db = new (require('${SQLITE_PACKAGE}'))(process.argv[1]);
    db.exec('BEGIN IMMEDIATE');
    console.log('locked');
    setTimeout(() => { db.exec('COMMIT'); db.close(); }, Number(process.argv[2]))`;
  const child = spawn(process.execPath, ['-e', script, path, String(ms)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const released = once(child, 'exit');
  await once(child.stdout, 'data');
  return { released };
}

/** Another process that opens the file, reads, and closes it, as a command does. */
function comeAndGo(path: string): void {
  const script = `const db = require('@libsql/client/sqlite3').createClient({ url: process.argv[1] });
    db.execute('SELECT COUNT(*) FROM sample_embeddings').then(() => db.close())`;
  execFileSync(process.execPath, ['-e', script, `file:${path}`]);
}

describe('a store in a file', () => {
  let folder = '';
  let path = '';
  let opened: Store[] = [];
  const open = async (where = path, deadlineMs?: number): Promise<Store> => {
    const store = await openStore({ url: `file:${where}`, ...(deadlineMs !== undefined && { deadlineMs }) });
    opened.push(store);
    return store;
  };
  const blocked = { name: 'Fault', kind: 'blocked' };

  beforeEach(() => {
    folder = temporary();
    path = join(folder, 'store.db');
  });
  afterEach(async () => {
    for (const store of opened) await store.close();
    opened = [];
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps what it writes after another process came and went, opened a second time too', async () => {
    const first = await open();
    await first.migrate();
    await first.close();
    const second = await open();
    await second.saveRun(run());
    comeAndGo(path);
    await second.saveRun({ ...run(), state: 'completed', sequence: 1 });
    await second.close();
    expect(readElsewhere(path, 'SELECT state FROM embedding_runs')).toEqual([{ state: 'completed' }]);
  });

  // SQLite itself waits 5 s: a shorter lock never shows as BUSY, a longer one makes the client renew its connection.
  it.each([1500, 6500])('waits for another process that holds it for %d ms', async (ms) => {
    const store = await open();
    await store.migrate();
    const { released } = await lockElsewhere(path, ms);
    await Promise.all([
      store.commit(batch({ vectors: [vectorRow(1)] })),
      store.commit(batch({ vectors: [vectorRow(2)] })),
      store.countVectors(),
    ]);
    expect(readElsewhere(path, 'SELECT sample_id FROM sample_embeddings ORDER BY 1')).toEqual([
      { sample_id: 1 },
      { sample_id: 2 },
    ]);
    await released;
    await store.commit(batch({ vectors: [vectorRow(3)] }));
    expect(readElsewhere(path, 'SELECT COUNT(*) AS n FROM sample_embeddings')).toEqual([{ n: 3 }]);
  });

  it('gives up at its deadline; the next commit is stored', async () => {
    const store = await open(path, 100);
    await store.migrate();
    const { released } = await lockElsewhere(path, 6500);
    const given = await store.commit(batch({ vectors: [vectorRow(1)] })).catch((error: unknown) => error);
    expect(given).toBeInstanceOf(Error);
    expect(given).not.toMatchObject(blocked);
    expect(String(given)).toMatch(/SQLITE_BUSY|database is locked/);
    await released;
    await store.commit(batch({ vectors: [vectorRow(2)] }));
    expect(readElsewhere(path, 'SELECT sample_id FROM sample_embeddings')).toEqual([{ sample_id: 2 }]);
  });

  it('says so when the file is deleted while open, and stores nothing elsewhere', async () => {
    const store = await open();
    await store.migrate();
    rmSync(path);
    await expect(store.commit(batch({ vectors: [vectorRow(1)] }))).rejects.toMatchObject({
      ...blocked,
      message: expect.stringContaining(path),
    });
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('says so when the file is replaced while open; goes on once it is back', async () => {
    const store = await open();
    await store.migrate();
    renameSync(path, `${path}.away`);
    writeFileSync(path, '');
    await expect(store.commit(batch({ vectors: [vectorRow(1)] }))).rejects.toMatchObject(blocked);
    renameSync(`${path}.away`, path);
    await store.commit(batch({ vectors: [vectorRow(1)] }));
    expect(readElsewhere(path, 'SELECT COUNT(*) AS n FROM sample_embeddings')).toEqual([{ n: 1 }]);
  });

  it('refuses a file that is not a database, and leaves it', async () => {
    writeFileSync(path, 'just some text, long enough to be no header of SQLite\n'.repeat(20));
    const before = statSync(path).size;
    await expect(open()).rejects.toMatchObject({
      ...blocked,
      message: expect.stringContaining('not a database'),
    });
    expect(statSync(path).size).toBe(before);
  });

  it('refuses a folder, and a path through a file', async () => {
    await expect(open(folder)).rejects.toMatchObject(blocked);
    writeFileSync(path, '');
    await expect(open(join(path, 'x.db'))).rejects.toMatchObject(blocked);
  });

  it.skipIf(process.getuid?.() === 0)('refuses a folder that it may not write', async () => {
    chmodSync(folder, 0o500);
    await expect(open()).rejects.toMatchObject(blocked);
    chmodSync(folder, 0o700);
  });

  it('is for its owner alone, with its log; the folders on the way are made', async () => {
    const deep = join(folder, 'a', 'b', 'store.db');
    const store = await open(deep);
    await store.migrate();
    for (const name of ['', '-wal', '-shm']) expect(statSync(`${deep}${name}`).mode & 0o777).toBe(0o600);
  });

  it('leaves the mode of a file that is there', async () => {
    writeFileSync(path, '', { mode: 0o640 });
    chmodSync(path, 0o640);
    await (await open()).migrate();
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it.each(['with space', '100%', 'what?', 'a#b', '✓ é'])(
    'opens the very file that is named: %s',
    async (name) => {
      mkdirSync(join(folder, name));
      const odd = join(folder, name, `${name}.db`);
      const store = await openStore({ url: `file:${odd.split('/').map(encodeURIComponent).join('/')}` });
      opened.push(store);
      await store.migrate();
      await store.commit(batch({ vectors: [vectorRow(1)] }));
      expect(readElsewhere(odd, 'SELECT COUNT(*) AS n FROM sample_embeddings')).toEqual([{ n: 1 }]);
    },
  );

  it('closing waits for the writes under way', async () => {
    const store = await openStore({ url: `file:${path}` });
    await store.migrate();
    const written = [1, 2, 3].map((id) => store.commit(batch({ vectors: [vectorRow(id)] })));
    await store.close();
    await Promise.all(written);
    expect(readElsewhere(path, 'SELECT COUNT(*) AS n FROM sample_embeddings')).toEqual([{ n: 3 }]);
  });
});
