import { closeSync, openSync, truncateSync, writeSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Fault } from '../../src/fault.js';
import { type Listening, listen } from '../../src/server/listen.js';
import { Database } from '../../src/sqlite.js';
import { chunk, fmt } from '../sound/files.js';
import { temporaryFolder } from '../support/cli.js';
import { appOf, type Stage, setStage } from './stage.js';

/** Bytes of sound: more than what the buffers between server and client hold. */
const LARGE = 64 * 1024 * 1024;

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

/** Writes a WAV that takes no room on the disk: its sound is a hole. */
function writeLong(bits: number): string {
  const path = join(music.path, 'long take.wav');
  const file = openSync(path, 'w');
  const size = 4 + fmt({ bits }).length + 8 + LARGE;
  const head = Buffer.concat([
    chunk('RIFF', Buffer.alloc(0), { size }),
    Buffer.from('WAVE'),
    fmt({ bits }),
    chunk('data', Buffer.alloc(0), { size: LARGE }),
  ]);
  writeSync(file, head);
  closeSync(file);
  truncateSync(path, head.length + LARGE);
  return path;
}

/** Asks, shortens the file once the answer has begun, and reads on. Returns how the answer ended. */
const askAndShorten = (path: string, file: string, body?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const asking = request(
      {
        ...{ host: '127.0.0.1', port: listening.port, path },
        ...(body !== undefined && { method: 'POST', headers: { 'content-type': 'application/json' } }),
      },
      (answer: IncomingMessage) => {
        answer.once('readable', () => {
          truncateSync(file, 100_000);
          answer.resume();
        });
        answer.once('end', () => resolve('whole'));
        answer.once('error', () => resolve('cut'));
      },
    );
    asking.once('error', reject);
    asking.end(body);
  });

describe('a file that is shortened while it is sent', () => {
  it.each([
    ['as a download', 16, 'download'],
    ['as the sound that a browser plays', 16, 'preview'],
    ['as converted sound', 24, 'preview'],
    ['in a zip', 16, 'take'],
  ])('%s cuts the answer, and is told by one sentence that names it', async (_, bits, what) => {
    const file = writeLong(bits);
    const ended =
      what === 'take'
        ? await askAndShorten('/api/v1/take', file, JSON.stringify({ ids: [id], form: 'zip' }))
        : await askAndShorten(`/api/v1/samples/${id}/${what}`, file);
    expect(ended).toBe('cut');
    expect(reports).toHaveLength(1);
    expect(reports[0]).toBeInstanceOf(Fault);
    expect((reports[0] as Fault).message).toBe('long take.wav was changed while it was read: try again');
    expect(vi.mocked(console.error)).not.toHaveBeenCalled();
  });
});
