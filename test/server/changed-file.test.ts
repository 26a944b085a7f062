import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Fault } from '../../src/fault.js';
import { type Listening, listen } from '../../src/server/listen.js';
import { Database } from '../../src/sqlite.js';
import { temporaryFolder } from '../support/cli.js';
import { askAndShorten, writeLongWav } from '../support/shorten.js';
import { appOf, type Stage, setStage } from './stage.js';

let stage: Stage;
let listening: Listening;
let reports: unknown[];
let id: number;
let music: { path: string; remove(): void };
beforeAll(async () => {
  music = temporaryFolder();
  stage = await setStage(3, { SAMPLES_ROOT: music.path });
  const db = new Database(join(stage.path, 'catalog.db'));
  id = (db.prepare('SELECT min(id) AS id FROM samples').get() as { id: number }).id;
  db.prepare('UPDATE samples SET file_path = ? WHERE id = ?').run('long take.wav', id);
  db.close();
  const { app, reports: told } = appOf(stage.library);
  reports = told;
  listening = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await listening?.close();
  await stage?.close();
  music?.remove();
});
beforeEach(() => {
  reports.length = 0;
  vi.spyOn(console, 'error');
});
afterEach(() => vi.restoreAllMocks());

describe('a file that is shortened while it is sent', () => {
  it.each([
    ['as a download', 16, 'download'],
    ['as the sound that a browser plays', 16, 'preview'],
    ['as converted sound', 24, 'preview'],
    ['in a zip', 16, 'take'],
  ])('%s cuts the answer, and is told by one sentence that names it', async (_, bits, what) => {
    const file = join(music.path, 'long take.wav');
    writeLongWav(file, bits);
    const { port } = listening;
    const ended =
      what === 'take'
        ? await askAndShorten(
            { port, path: '/api/v1/take', body: JSON.stringify({ ids: [id], form: 'zip' }) },
            file,
          )
        : await askAndShorten({ port, path: `/api/v1/samples/${id}/${what}` }, file);
    expect(ended).toBe('cut');
    expect(reports).toHaveLength(1);
    expect(reports[0]).toBeInstanceOf(Fault);
    expect((reports[0] as Fault).message).toBe('long take.wav was changed while it was read: try again');
    expect(vi.mocked(console.error)).not.toHaveBeenCalled();
  });
});
