import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { askAndShorten, writeLongWav } from '../support/shorten.js';
import { startInTerminal } from '../support/terminal.js';
import { wav } from '../take/samples.js';
import { json, type Scene, setScene } from './scene.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

/** Title, tempo, key, seconds; each has a file. */
const ADDED: readonly (readonly [string, number | null, string | null, number])[] = [
  ['Zebra Kick 01', null, null, 0.2],
  ['Zebra Kick 02', null, null, 0.2],
  ['Zebra CON: ../<Snare>\u202e?\n"x"', null, null, 0.3],
  ['Zebra Closed Hat', null, null, 0.1],
  ['Zebra Bass Loop', 90, 'Am', 2.5],
  ['=Zebra Chords Loop', 45, 'C', 3],
  ['Zebra Lead Loop', 120, 'Am', 3.5],
];
let scene: Scene;
let root: string;
const run = (args: string[], env = {}) => scene.run(args, { SAMPLES_ROOT: root, ...env });

beforeAll(async () => {
  scene = await setScene(60);
  root = join(scene.path, 'sounds');
  const catalog = new Database(scene.catalog);
  const add = catalog.prepare(
    'INSERT INTO samples (id, title, bpm, musical_key, duration, file_path, tags) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  for (const [at, [title, bpm, key, seconds]] of ADDED.entries()) {
    const path = `added/${at}.wav`;
    add.run(9000 + at, title, bpm, key, seconds, path, '[]');
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), wav({ seconds, pitch: at + 1, rate: at === 3 ? 48_000 : 44_100 }));
  }
  catalog.close();
  expect(json(await scene.run(['--all', '--json']))).toMatchObject({ state: 'completed', failed: 0 });
});
afterAll(() => scene?.close());

const ask = ['search', 'zebra', '--mode', 'text'];

describe('what a search found is taken along', () => {
  it('as a folder, a zip, a playlist and a table; again there is nothing to do', async () => {
    const to = join(scene.path, 'crate');
    const more = ['--zip', 'crate.zip', '--m3u8', 'crate/list.m3u8', '--csv', 'crate.csv'];
    const first = await run([...ask, '--to', 'crate', ...more]);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(`Copied 7 files to ${to}\\.`) });
    const names = readdirSync(to).filter((name) => name.endsWith('.wav'));
    expect(names).toHaveLength(7);
    for (const name of names) expect(name).toMatch(/^0[1-7] [\w #.=]+\.wav$/);
    expect(names.some((name) => /^0\d Zebra CON Snare x\.wav$/.test(name))).toBe(true);
    expect(names.some((name) => /^0\d =Zebra Chords Loop 45 C\.wav$/.test(name))).toBe(true);
    const lines = readFileSync(join(to, 'list.m3u8'), 'utf8').trimEnd().split('\n');
    expect(lines.filter((line) => !line.startsWith('#')).sort()).toEqual(names.sort());
    const [, ...rows] = parse(readFileSync(join(scene.path, 'crate.csv')), {
      bom: true,
    }) as string[][];
    // So that a spreadsheet takes it for UTF-8.
    expect(readFileSync(join(scene.path, 'crate.csv')).subarray(0, 3)).toEqual(Buffer.from('efbbbf', 'hex'));
    expect(rows.map(([, , title]) => title)).toContain("'=Zebra Chords Loop");
    const again = json(await run([...ask, '--to', 'crate', '--json']));
    expect(again).toMatchObject({ written: { folder: { path: to, left_out: [], stopped: null } } });
    const { files } = (again.written as { folder: { files: { state: string }[] } }).folder;
    expect(new Set(files.map(({ state }) => state))).toEqual(new Set(['there']));
    expect(readdirSync(scene.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('for a sampler, with what does not fit and what is gone named', async () => {
    const hidden = join(root, 'added', '0.wav');
    const bytes = readFileSync(hidden);
    rmSync(hidden);
    const { code, stdout } = await run([
      ...[...ask, '--to', 'card', '--bank', '2', '--max-seconds', '2.6', '--rate', '44100'],
    ]);
    writeFileSync(hidden, bytes);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /Left out: 9000 \(Zebra Kick 01\): the file is not there: connect its disk.*0\.wav\)/,
    );
    expect(stdout).toMatch(/Left out: 9003 \(Zebra Closed Hat\): it has 48000 Hz, and 44100 are asked for/);
    expect(stdout).toMatch(
      /Left out: 9006 \(Zebra Lead Loop\): it is 3\.5 seconds long, and 2\.6 are allowed/,
    );
    expect(readdirSync(join(scene.path, 'card')).sort()).toEqual(['Bank A', 'Bank B']);
  });

  it.each([
    [['--bank', '4'], /--bank is for files: say where they go with --to FOLDER or --zip FILE/],
    [['--to', 'catalog.db'], /--to catalog\.db is a file: name a folder/],
    [['--csv', 'sounds/added/1.wav'], /1\.wav exists and is another kind of file: name a new one/],
    [['--zip', 'nowhere/x.zip'], /cannot be written: there is not a folder/],
    [['--to', ''], /--to is empty: name a folder, or leave it out/],
    [['--zip', ''], /--zip is empty: name a file/],
    [['--m3u8', ' '], /--m3u8 is empty: name a file/],
    [['--csv', ''], /--csv is empty: name a file/],
    [
      ['--to', 'catalog.db/sub/deep'],
      /--to catalog\.db\/sub\/deep lies in .*catalog\.db, which is a file: name a folder/,
    ],
    [['--to', 'a'.repeat(300)], /cannot be made \(ENAMETOOLONG\): name another folder/],
    [['--csv', '-', '--json'], /--csv - writes the table to stdout, where --json writes its answer/],
    [['--to', 'x', '--max-seconds', '-1'], /--max-seconds must be a number of seconds/],
  ])('%j is refused', async (options, sentence) => {
    const { code, stderr } = await run([...ask, ...options]);
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
  });

  it('a full disk is told, ends with 3, and keeps nothing else from being written', async () => {
    const { code, stdout } = await run([...ask, '--zip', '/dev/full', '--csv', 'full.csv']);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /Not packed: \/dev\/full: its disk is full: make room, or name a file on another disk\./,
    );
    expect(stdout).toMatch(/The table of 7 samples: .*full\.csv/);
    expect(readFileSync(join(scene.path, 'full.csv'), 'utf8')).toContain('Zebra Kick 01');
    const list = await run([...ask, '--m3u8', '/dev/full', '--csv', 'full2.csv', '--json']);
    expect(list.code).toBe(3);
    expect(json(list)).toMatchObject({
      written: {
        m3u8: { stopped: expect.stringMatching('disk is full') },
        csv: { samples: 7, stopped: null },
      },
    });
  });

  it('a folder that cannot be made is told at once', async () => {
    const { code, stdout } = await run([...ask, '--to', '/proc/nowhere/deep']);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /Not copied: 7 files, because \/proc\/nowhere cannot be made \(E\w+\): choose another folder/,
    );
  });

  it('a table has stdout for itself with --csv -', async () => {
    const { code, stdout, stderr } = await run([...ask, '--csv', '-']);
    expect(code).toBe(0);
    const [head, ...rows] = parse(stdout) as string[][];
    expect(head?.[0]).toBe('rank');
    expect(rows).toHaveLength(7);
    expect(stderr).toMatch(/The table of 7 samples: stdout/);
    expect(readdirSync(scene.path)).not.toContain('-');
  });

  it('a table on a terminal holds nothing that the terminal acts on; in a pipe it is as it is', async () => {
    const title = 'Okapi \u001b[31m\u001b]0;owned\u0007\u202e\u009b2J';
    const catalog = new Database(scene.catalog);
    catalog.prepare('UPDATE samples SET title = ? WHERE id = 9000').run(title);
    catalog.close();
    const csv = [...ask, '--csv', '-'];
    const piped = await run(csv);
    expect((parse(piped.stdout) as string[][]).map((row) => row[2])).toContain(title);
    const terminal = startInTerminal(scene.path, csv, { ...scene.env, SAMPLES_ROOT: root });
    expect(await terminal.done).toBe(0);
    expect(terminal.raw()).toMatch(/Okapi +2J,/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(terminal.raw()).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202e]/);
  });

  it('serve says in one sentence which file was shortened while it was sent', async () => {
    const file = join(root, 'added', 'long.wav');
    const catalog = new Database(scene.catalog);
    catalog.prepare("UPDATE samples SET file_path = 'added/long.wav' WHERE id = 9001").run();
    catalog.close();
    const serving = scene.start(['serve', '--port', '0'], { SAMPLES_ROOT: root });
    const [, port] = await serving.finds(/Page +http:\/\/[^:]+:(\d+)/);
    for (const [path, body] of [
      ['/api/v1/samples/9001/download', undefined],
      ['/api/v1/take', JSON.stringify({ ids: [9001], form: 'zip' })],
    ] as const) {
      writeLongWav(file, 16);
      const asked = { port: Number(port), path, ...(body !== undefined && { body }) };
      expect(await askAndShorten(asked, file)).toBe('cut');
    }
    serving.child.kill('SIGINT');
    const { stdout, stderr } = await serving.done;
    const told = 'A request failed: long.wav was changed while it was read: try again\n';
    expect(stdout.split('Ctrl-C ends it.\n')[1]).toBe(`${told}${told}Stopping.\n`);
    expect(stderr).toBe('');
    const restored = new Database(scene.catalog);
    restored.prepare("UPDATE samples SET file_path = 'added/1.wav' WHERE id = 9001").run();
    restored.close();
    rmSync(file);
  });

  it('a path that leads out of SAMPLES_ROOT is not read', async () => {
    const { code, stdout } = await run([...ask, '--to', 'out'], { SAMPLES_ROOT: join(root, 'elsewhere') });
    expect(code).toBe(1);
    expect(stdout).toMatch('Copied 0 files');
  });

  it('of nothing found nothing is made', async () => {
    const output = await run(['search', 'qqqq', '--mode', 'text', '--to', 'none', '--json']);
    expect(json(output)).toEqual({ hits: [], written: {} });
    expect(readdirSync(scene.path)).not.toContain('none');
  });
});

describe('near-duplicates', () => {
  it('are folded into the best, and listed', async () => {
    const hits = JSON.parse((await run([...ask, '--fold', '--json'])).stdout) as {
      also?: number[];
      rank: number;
    }[];
    expect(hits).toHaveLength(6);
    expect(hits.flatMap(({ also = [] }) => also)).toHaveLength(1);
    expect(hits.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await run([...ask, '--fold'])).stdout).toMatch(/│ +\+1 +│/);
    const found = json(await run(['duplicates', '--json', '--limit', '1000'])) as {
      groups: { same: string; measured: boolean; samples: { sample_id: number }[] }[];
    };
    const kicks = found.groups.find(({ samples }) => samples.some(({ sample_id }) => sample_id === 9000));
    expect(kicks).toMatchObject({ same: 'numbering', measured: true });
    expect(kicks?.samples.map(({ sample_id }) => sample_id)).toEqual([9000, 9001]);
  });

  it('a diverse choice begins with the best and has as many', async () => {
    const plain = JSON.parse((await run(['search', 'warm jazz', '--json'])).stdout) as {
      sample_id: number;
    }[];
    const output = await run(['search', 'warm jazz', '--diverse', '--json']);
    const diverse = JSON.parse(output.stdout) as { sample_id: number }[];
    expect(diverse).toHaveLength(10);
    expect(diverse[0]?.sample_id).toBe(plain[0]?.sample_id);
    expect(await run(['search', 'warm jazz', '--diverse', '--json'])).toEqual(output);
  });
});

describe('a kit', () => {
  it.each([
    ['', /is empty: say what it feels like/],
    ['dark '.repeat(8000), /has 39,999 characters, and 2,000 are read: say it in fewer words/],
  ])('of a text that is no brief is refused', async (text, sentence) => {
    const before = scene.sandbox.bill().entries.length;
    const { code, stderr } = await run(['kit', text]);
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(scene.sandbox.bill().entries).toHaveLength(before);
  });

  it('goes together, is written, buys one query, and is the same again', async () => {
    const before = scene.sandbox.bill().entries.length;
    const text = ['kit', 'zebra crossing, 90 bpm, A minor', '--pads', '5'];
    const first = json(await run([...text, '--to', 'kit', '--json']));
    expect(scene.sandbox.bill().entries).toHaveLength(before + 1);
    expect(first).toMatchObject({ feel: 'zebra crossing', bpm: 90, key: 'Am', seed: 1 });
    const pads = first.pads as {
      pad: number;
      role: string;
      title: string;
      key: string | null;
      bpm: number | null;
    }[];
    expect(pads).toHaveLength(5);
    expect(pads.map(({ role }) => role)).toEqual(['kick', 'snare', 'closed hat', 'bass', 'chords']);
    expect(pads.find(({ role }) => role === 'kick')?.title).toMatch(/^Zebra Kick 0[12]$/);
    expect(readdirSync(join(scene.path, 'kit')).length).toBeGreaterThanOrEqual(4);
    const again = json(await run([...text, '--dry-run', '--json']));
    expect(again).toEqual({ ...first, bought: null, written: undefined });
    expect(scene.sandbox.bill().entries).toHaveLength(before + 1);
  });
});
