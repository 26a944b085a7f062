import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../src/server/listen.js';
import { Database } from '../../src/sqlite.js';
import { wav } from '../sound/files.js';
import { temporaryFolder } from '../support/cli.js';
import { settledFilesIn } from '../support/open-files.js';
import { appOf, type Stage, setStage } from './stage.js';

let stage: Stage;
let root: ReturnType<typeof temporaryFolder>;
let ids: number[];
beforeAll(async () => {
  root = temporaryFolder();
  const music = join(root.path, 'music');
  mkdirSync(music);
  stage = await setStage(30, { SAMPLES_ROOT: music });
  const db = new Database(join(stage.path, 'catalog.db'));
  for (const { id } of db.prepare('SELECT id FROM samples').all() as { id: number }[]) {
    writeFileSync(join(music, `${id}.wav`), wav(Buffer.alloc(400_000, id), { bits: 16 }));
    db.prepare('UPDATE samples SET file_path = ? WHERE id = ?').run(`${id}.wav`, id);
  }
  db.close();
  const answer = await appOf(stage.library).ask('/api/v1/search?q=loop&mode=text&limit=10');
  ids = ((await answer.json()) as { results: { id: number }[] }).results.map(({ id }) => id);
});
afterAll(async () => {
  await stage?.close();
  root?.remove();
});

const GONE = 999_999;

async function taken(form: string, asked: readonly (number | string)[]): Promise<Buffer> {
  const { ask } = appOf(stage.library);
  const headers = { 'content-type': 'application/json' };
  const answer = await ask('/api/v1/take', headers, {
    method: 'POST',
    body: JSON.stringify({ ids: asked, form }),
  });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

describe('a taken list', () => {
  it('has each sample once, where it was named first, and ranks in order', async () => {
    const [first, second] = ids as [number, number];
    const list = await taken('json', [second, first, second, `${first}`]);
    const samples = JSON.parse(list.toString()) as { id: number }[];
    expect(samples.map(({ id }) => id)).toEqual([second, first]);
    const rows = (await taken('csv', [second, first, second])).toString().trim().split('\r\n').slice(1);
    expect(rows.map((row) => row.split(',').slice(0, 2))).toEqual([
      ['1', String(second)],
      ['2', String(first)],
    ]);
  });

  it('names in its zip what is not in the catalog', async () => {
    const zip = (await taken('zip', [...ids, GONE])).toString('latin1');
    expect(zip).toMatch(/Left out\.txt/);
    expect(zip).toMatch(new RegExp(`Left out: ${GONE}: it is not in the catalog any more`));
  });

  // Only Linux tells which files a process has open.
  it.skipIf(process.platform !== 'linux')('leaves no file open when its client goes away', async () => {
    const { app } = appOf(stage.library);
    const listening = await listen(app, { host: '127.0.0.1', port: 0 });
    const body = JSON.stringify({ ids, form: 'zip' });
    for (let times = 0; times < 10; times++) {
      const client = connect(listening.port, '127.0.0.1');
      client.write(
        `POST /api/v1/take HTTP/1.1\r\nHost: 127.0.0.1:${listening.port}\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      );
      await once(client, 'data');
      client.destroy();
    }
    expect(await settledFilesIn(root.path, 0)).toBe(0);
    await listening.close();
  });
});
