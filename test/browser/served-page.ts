import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { drawMap } from '../../src/commands/serve/draw-map.js';
import { loadSettings } from '../../src/config.js';
import { openLibrary } from '../../src/hosting/open-library.js';
import { createApp } from '../../src/server/app.js';
import { type Listening, listen } from '../../src/server/listen.js';
import type { KitLibrary } from '../../src/take/kit-library.js';
import { type Stage, setStage } from '../server/stage.js';
import { startBrowser } from '../support/browser.js';

/** The built page on a real server, over real files of sound. */
export interface ServedPage {
  stage: Stage;
  /** Of a sample's file. */
  fileOf(id: number): string;
  /** Opens the same library with another environment. */
  openWith(env: Record<string, string>): Promise<KitLibrary>;
  /** Serves a library; the page's address. `token`: what requests must carry, default null. */
  serve(library: KitLibrary, token?: string | null): Promise<{ address: string; listening: Listening }>;
  /** Files that the page had shown in the file manager. */
  revealed: string[];
  /** What nobody foresaw. */
  reports: unknown[];
  close(): Promise<void>;
}

/** Each file lasts as long as its number says, so that what sounds can be told by its length. */
export const secondsOf = (id: number): number => 0.2 + id / 1000;
const RATE = 8000;

export async function servePage(samples: number): Promise<ServedPage> {
  const stage = await setStage(samples);
  const { Database } = await import('../../src/sqlite.js');
  const db = new Database(join(stage.path, 'catalog.db'));
  const rows = db.prepare('SELECT id, file_path AS path FROM samples').all() as {
    id: number;
    path: string | null;
  }[];
  db.close();
  const files = new Map(rows.map(({ id, path }) => [id, join(stage.path, path ?? `samples/none/${id}.wav`)]));
  for (const [id, path] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, tone(id));
  }
  stage.env.SAMPLES_ROOT = stage.path;
  const page = readFileSync(new URL('../../dist/pages/library.html', import.meta.url), 'utf8');
  const servers: Listening[] = [];
  const reports: unknown[] = [];
  const revealed: string[] = [];
  const libraries: KitLibrary[] = [];
  return {
    ...{ stage, reports, revealed },
    fileOf: (id) => files.get(id) ?? '',
    async openWith(env) {
      const library = await openLibrary(loadSettings(env, stage.path));
      libraries.push(library);
      return library;
    },
    async serve(library, token = null) {
      const app = createApp(
        {
          ...{ library, page },
          map: (progress) => drawMap(loadSettings(stage.env, stage.path), progress),
          reveal: async (path) => {
            revealed.push(String(path));
          },
          report: (error) => reports.push(error),
        },
        { token, allowOrigins: [] },
      );
      const listening = await listen(app, { host: '127.0.0.1', port: 0 });
      servers.push(listening);
      const query = token === null ? '' : `?token=${token}`;
      return { address: `http://127.0.0.1:${listening.port}/${query}`, listening };
    },
    async close() {
      for (const each of servers) await each.close();
      for (const each of libraries) await each.close();
      await stage.close();
    },
  };
}

/** A WAV of 16 bits with one steady tone. */
function tone(id: number): Buffer {
  const count = Math.round(RATE * secondsOf(id));
  const wav = Buffer.alloc(44 + 2 * count);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + 2 * count, 4);
  wav.write('WAVEfmt ', 8);
  for (const [value, at] of [
    [16, 16],
    [RATE, 24],
    [2 * RATE, 28],
    [2 * count, 40],
  ] as const)
    wav.writeUInt32LE(value, at);
  for (const [value, at] of [
    [1, 20],
    [1, 22],
    [2, 32],
    [16, 34],
  ] as const)
    wav.writeUInt16LE(value, at);
  wav.write('data', 36);
  for (let index = 0; index < count; index++)
    wav.writeInt16LE(
      Math.round(16_000 * Math.sin((2 * Math.PI * (200 + id) * index) / RATE)),
      44 + 2 * index,
    );
  return wav;
}

/** A browser with the page open in it. */
export interface OpenPage {
  browser: Browser;
  page: Page;
  /** What a page must not do: speak to the console, fail, or ask for anything but its own server. */
  complaints: string[];
  /** Seconds of each sound that was begun, in order. */
  begun(): Promise<number[]>;
  /** The strongest deflection of what comes out right now. */
  loudness(): Promise<number>;
}

export async function openPage(
  address: string,
  { colorScheme = 'light', width = 1280, height = 800, deviceScaleFactor = 1 }: OpenOptions = {},
): Promise<OpenPage> {
  const browser = await startBrowser();
  const viewport = { width, height };
  const page = await browser.newPage({ viewport, deviceScaleFactor, colorScheme, acceptDownloads: true });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  // Software rendering says that it is slow.
  page.on('console', (line) => {
    if (!line.text().includes('GL Driver Message')) complaints.push(line.text());
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(address).origin && !/^(data|blob):$/.test(protocol))
      complaints.push(request.url());
  });
  await page.addInitScript({ content: EAR });
  await page.goto(address);
  await page.waitForSelector('body[data-ready]');
  return {
    ...{ browser, page, complaints },
    begun: () => page.evaluate<number[]>('window.heard.begun'),
    loudness: () => page.evaluate<number>(LOUDNESS),
  };
}

interface OpenOptions {
  colorScheme?: 'light' | 'dark';
  width?: number;
  height?: number;
  deviceScaleFactor?: number;
}

/** Runs in the page before its own script: hears all that goes to the loudspeaker. */
const EAR = `{
  const heard = (window.heard = { begun: [], ear: null });
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (...args) {
    heard.begun.push(this.buffer.duration);
    start.apply(this, args);
  };
  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (to) {
    if (to === this.context.destination) connect.call(this, (heard.ear ??= this.context.createAnalyser()));
    return connect.call(this, to);
  };
}`;
const LOUDNESS = `(() => {
  const { ear } = window.heard;
  if (ear === null) return 0;
  const values = new Float32Array(ear.fftSize);
  ear.getFloatTimeDomainData(values);
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
})()`;

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds in it that is serious or critical. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate<string[]>(`axe.run().then(({ violations }) =>
    violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`);
}
