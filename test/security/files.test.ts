import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHomeFolder } from '../../src/local/home-folder.js';
import { type Scene, setScene } from '../e2e/scene.js';

/** Paths and modes of all that is under a folder, the folder included. */
function modesUnder(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = [folder, ...entries.map((entry) => join(entry.parentPath, entry.name))];
  return Object.fromEntries(
    paths.flatMap((path) => {
      // A journal may be gone by now.
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat === undefined ? [] : [[relative(folder, path), (stat.mode & 0o777).toString(8)]];
    }),
  );
}
const openToOthers = (modes: Record<string, string>): string[] =>
  Object.entries(modes)
    .filter(([, mode]) => !/00$/.test(mode))
    .map(([path, mode]) => `${path} ${mode}`);

let scene: Scene;
let umask: number;
beforeEach(async () => {
  // The most open one that people have.
  umask = process.umask(0o000);
  scene = await setScene(60);
});
afterEach(async () => {
  process.umask(umask);
  await scene.close();
});

describe('files', () => {
  it('of a demo are for their owner alone, while it runs and after', async () => {
    const demo = scene.start(['demo', '--samples', '1500']);
    const home = join(scene.path, '.embeddings');
    while (!existsSync(join(home, 'demo', 'bill.jsonl'))) await setTimeout(10);
    const during = modesUnder(home);
    expect(Object.keys(during)).toEqual(
      expect.arrayContaining([
        'demo/temporal.db',
        'demo/temporal.db-wal',
        'demo/temporal.db-shm',
        'demo/temporal.json',
        'demo/temporal.log',
        'demo/keeper.lock',
        'demo/worker.lock',
        'demo/worker.log',
        'demo/catalog-1500.db',
        'demo/store-1500.db',
        'demo/store-1500.db-wal',
        'demo/bill.jsonl',
      ]),
    );
    expect(openToOthers(during)).toEqual([]);
    expect(await demo.done).toMatchObject({ code: 0 });
    expect(openToOthers(modesUnder(home))).toEqual([]);
  });

  it('of a run are too, and so is the log that --detach leaves', async () => {
    expect(await scene.run(['--all', '--detach', '--progress-file', 'progress.json'])).toMatchObject({
      code: 0,
    });
    expect(await scene.run(['--all'])).toMatchObject({ code: 0 });
    const TURSO_DATABASE_URL = `file:${join(scene.path, 'store-of', 'its-own', 'store.db')}`;
    expect(await scene.run(['--all'], { TURSO_DATABASE_URL })).toMatchObject({ code: 0 });
    const modes = modesUnder(scene.path);
    expect(modes).toMatchObject({
      '.embeddings': '700',
      '.embeddings/generate.log': '600',
      '.embeddings/temporal.db': '600',
      'store.db': '600',
    });
    const ours = Object.entries(modes).filter(([path]) => /^\.embeddings|^store|^progress/.test(path));
    expect(openToOthers(Object.fromEntries(ours))).toEqual([]);
  });

  it('in a folder that was there are closed, the folder and what is not ours left as they are', async () => {
    const home = join(scene.path, 'shared');
    mkdirSync(home);
    chmodSync(home, 0o755);
    for (const name of [
      'temporal.db',
      'temporal.db-wal',
      'worker.log',
      'generate.log',
      'mine.txt',
      'temporal.md',
    ]) {
      writeFileSync(join(home, name), '');
      chmodSync(join(home, name), 0o644);
    }
    openHomeFolder(home);
    expect(modesUnder(home)).toEqual({
      '': '755',
      'temporal.db': '600',
      'temporal.db-wal': '600',
      'worker.log': '600',
      'generate.log': '600',
      'mine.txt': '644',
      'temporal.md': '644',
    });
  });
});
