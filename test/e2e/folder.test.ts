import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/local/sandbox-openrouter/index.js';
import { startTemporal } from '../chaos/temporal.js';
import { acid, wav } from '../sources/folder/sounds.js';
import { runCli, startCli, temporaryFolder } from '../support/cli.js';
import { readStore } from '../support/referee.js';
import { json } from './scene.js';

// Each walk starts a dozen processes.
vi.setConfig({ testTimeout: 200_000 });

let folder: ReturnType<typeof temporaryFolder>;
let sandbox: Sandbox;
let music: string;
let seed = 0;

function sample(path: string, after: Buffer[] = []): string {
  const file = join(music, path);
  mkdirSync(join(file, '..'), { recursive: true });
  seed += 1;
  writeFileSync(file, wav({ seed, after }));
  return file;
}

beforeEach(async () => {
  folder = temporaryFolder();
  music = join(folder.path, 'Samples');
  sandbox = await startSandbox({ key: 'sk-canary' });
  for (let n = 1; n <= 10; n++) sample(`Dusty Breaks/Loops/DB_Moody_Loop_${n}_92_Am.wav`);
  for (let n = 1; n <= 10; n++) sample(`Dusty Breaks/Kicks/DB_Kick_Deep_${n}.wav`);
  sample('Dusty Breaks/Loops/Groove.wav', [acid({ tempo: 87.5, beats: 8 })]);
});
afterEach(async () => {
  await sandbox.stop();
  folder.remove();
});

const env = (): Record<string, string> => ({
  OPENROUTER_API_KEY: 'sk-canary',
  OPENROUTER_BASE_URL: sandbox.baseUrl,
  DATABASE_URL: music,
  TURSO_DATABASE_URL: 'file:vectors.db',
});
const run = (...args: string[]) => runCli(folder.path, args, env());
const storedIds = () => readStore(join(folder.path, 'vectors.db')).facts.ids;

describe('a folder of audio files', () => {
  it('is embedded, searched by feel, explained by path; moved files are not bought again', async () => {
    const scan = await run('scan', '--json');
    expect(json(scan)).toMatchObject({ samples: 21, added: 21, leftOut: {} });
    expect(sandbox.bill().requests).toBe(0);
    const first = await run('--all', '--json');
    expect(json(first)).toMatchObject({ state: 'completed', stored: 21, failed: 0 });
    expect(sandbox.bill().inputs).toBe(21);
    const ids = storedIds();

    const found = JSON.parse((await run('search', 'moody', 'loop', '--limit', '3', '--json')).stdout);
    expect(found).toHaveLength(3);
    for (const hit of found)
      expect(hit).toMatchObject({
        title: expect.stringMatching(/^DB Moody Loop/),
        fields: { bpm: 92, musical_key: 'Am', pack: 'Dusty Breaks', path: expect.stringContaining(music) },
      });
    const slow = await run('search', 'moody', '--bpm', '80-95', '--limit', '50', '--json');
    const tempos = (JSON.parse(slow.stdout) as { fields: { bpm: number } }[]).map(({ fields }) => fields.bpm);
    expect(tempos.length).toBeGreaterThan(0);
    expect(tempos.every((bpm) => bpm >= 80 && bpm <= 95)).toBe(true);
    const loops = await run('search', 'moody', '--where', 'instruments=kick', '--limit', '50', '--json');
    const titles = (JSON.parse(loops.stdout) as { title: string }[]).map(({ title }) => title);
    expect(titles).toHaveLength(10);
    for (const title of titles) expect(title).toMatch(/^DB Kick Deep/);
    const groove = join(music, 'Dusty Breaks/Loops/Groove.wav');
    const explained = json(await run('explain', groove, '--json'));
    expect(explained).toMatchObject({
      path: groove,
      origins: { bpm: 'acid chunk', pack: 'folder "Dusty Breaks"' },
    });
    expect(explained.text).toContain('BPM: 88');
    // A file that is there and is no sample says why.
    writeFileSync(join(music, 'Dusty Breaks', 'notes.wav'), 'recorded on a rainy day\n');
    writeFileSync(join(music, 'Dusty Breaks', 'readme.txt'), 'hello\n');
    for (const [name, why] of [
      ['notes.wav', /is no sample: it is a text file: it is embedded once it holds sound/],
      ['readme.txt', /does not have the name of an audio file/],
      ['', /is a folder: name a file in it/],
      ['none.wav', /there is no sample .*none\.wav/],
    ] as const)
      expect(await run('explain', join(music, 'Dusty Breaks', name))).toMatchObject({
        ...{ code: 2, stderr: expect.stringMatching(why) },
      });
    rmSync(join(music, 'Dusty Breaks', 'notes.wav'));
    const near = await run(
      'similar',
      'Samples/Dusty Breaks/Kicks/DB_Kick_Deep_1.wav',
      '--limit',
      '2',
      '--json',
    );
    expect(JSON.parse(near.stdout)[0].title).toMatch(/^DB Kick Deep/);

    mkdirSync(join(music, 'Dusty Breaks/Wav/Loops'), { recursive: true });
    renameSync(groove, join(music, 'Dusty Breaks/Wav/Loops/Groove.wav'));
    sample('Dusty Breaks/Kicks/DB_Kick_Deep_11.wav');
    rmSync(join(music, 'Dusty Breaks/Kicks/DB_Kick_Deep_1.wav'));
    const bought = sandbox.bill().inputs;
    const dry = await run('--dry-run', '--all');
    expect(dry.stdout).toContain('21 samples (1 new, 1 moved, 1 gone: --prune deletes their vectors)');
    const second = await run('--all', '--prune', '--json');
    expect(json(second)).toMatchObject({ state: 'completed', stored: 1, unchanged: 20, pruned: 1 });
    expect(sandbox.bill().inputs - bought).toBe(1);
    expect(storedIds().filter((id) => ids.includes(id))).toHaveLength(20);
  });

  it('has files left out of what is taken, with the cure of a folder, if they are gone or lead out', async () => {
    expect((await run('--all', '--json')).code).toBe(0);
    rmSync(join(music, 'Dusty Breaks/Kicks/DB_Kick_Deep_1.wav'));
    rmSync(join(music, 'Dusty Breaks/Kicks/DB_Kick_Deep_2.wav'));
    symlinkSync('/etc/passwd', join(music, 'Dusty Breaks/Kicks/DB_Kick_Deep_2.wav'));
    const ask = ['search', 'kick', '--mode', 'text', '--where', 'instruments=kick', '--limit', '50'];
    const { stdout } = await run(...ask, '--to', 'taken');
    expect(stdout).toMatch(/Left out: .*the file is not there: .* name its folder in source\.folder/);
    expect(stdout).toMatch(/Left out: .*the file lies outside of the catalog's folders: .* source\.folder/);
    expect(stdout).not.toContain('SAMPLES_ROOT');
    expect(readdirSync(join(folder.path, 'taken'))).toHaveLength(8);
    expect((await run(...ask, '--where', 'size=1')).stderr).toContain('size is no filter');
  });

  it('whose disk is gone, or which is empty or no longer there, loses nothing', async () => {
    expect(json(await run('--all', '--json'))).toMatchObject({ stored: 21 });
    renameSync(music, `${music}-away`);
    for (const line of [['scan'], ['--all', '--prune'], ['--dry-run', '--all']]) {
      const refused = await run(...line);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toContain('what is known of its 21 samples is kept');
    }
    mkdirSync(music);
    expect((await run('--all', '--prune')).stderr).toContain('connect its disk');
    rmSync(music, { recursive: true });
    renameSync(`${music}-away`, music);
    const bought = sandbox.bill().inputs;
    expect(json(await run('--all', '--prune', '--json'))).toMatchObject({ unchanged: 21, pruned: 0 });
    expect(sandbox.bill().inputs).toBe(bought);
    expect(storedIds()).toHaveLength(21);
  });

  it('without a sample is refused before anything else', async () => {
    rmSync(music, { recursive: true });
    mkdirSync(music);
    writeFileSync(join(music, 'notes.wav'), 'no sound');
    const refused = await run('--all');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no sample in') });
  });

  it('is read by a run to its end, also where another command looks at another folder', async () => {
    const other = join(folder.path, 'Other');
    mkdirSync(other);
    writeFileSync(join(other, 'Pad.wav'), wav({ seed: 999 }));
    sandbox.setFaults([{ fault: { kind: 'slow', ms: 300 } }]);
    const started = startCli(
      folder.path,
      ['--all', '--batch-size', '3', '--concurrency', '1', '--json'],
      env(),
    );
    while (sandbox.bill().inputs < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    const looks = await runCli(folder.path, ['scan', '--json'], { ...env(), DATABASE_URL: other });
    expect(json(looks)).toMatchObject({ samples: 1 });
    expect(json(await started.done)).toMatchObject({ state: 'completed', stored: 21 });
    expect(storedIds()).toHaveLength(21);
  });

  it('after another one is not pruned of what the other holds', async () => {
    expect(json(await run('--all', '--json'))).toMatchObject({ stored: 21 });
    const part = { ...env(), DATABASE_URL: join(music, 'Dusty Breaks/Loops') };
    const refused = await runCli(folder.path, ['--all', '--prune', '--on-blocked', 'fail'], part);
    expect(refused.code).toBe(2);
    expect(refused.stdout + refused.stderr).toContain('the last run read the folder');
    expect(storedIds()).toHaveLength(21);
  });

  it('of a lost index keeps its ids and its vectors', async () => {
    await run('--all', '--json');
    const home = join(folder.path, '.embeddings');
    for (const name of readdirSync(home)) if (name.startsWith('folder-')) rmSync(join(home, name));
    expect(json(await run('--all', '--json'))).toMatchObject({ unchanged: 21, requests: 0 });
  });
});

describe('declared in embeddings.config.yaml, on a shared Temporal', () => {
  let temporal: TestWorkflowEnvironment;
  beforeEach(async () => {
    temporal = await startTemporal();
  });
  afterEach(() => temporal?.teardown());

  it('is not taken for another one by a worker, and a client that has not read it sees nothing as gone', async () => {
    const other = join(folder.path, 'Other');
    mkdirSync(other);
    writeFileSync(join(other, 'Pad.wav'), wav({ seed: 999 }));
    const shared = { ...env(), TEMPORAL_ADDRESS: temporal.address, EMBEDDINGS_METRICS_ADDRESS: 'off' };
    const wrong = startCli(folder.path, ['worker'], {
      ...shared,
      DATABASE_URL: other,
      EMBEDDINGS_HOME: 'wrong',
    });
    const client = startCli(folder.path, ['--all', '--json'], { ...shared, EMBEDDINGS_HOME: 'client' });
    try {
      await wrong.says('another catalog');
      expect(sandbox.bill().inputs).toBe(0);
      const right = startCli(folder.path, ['worker'], { ...shared, EMBEDDINGS_HOME: 'right' });
      try {
        expect(json(await client.done)).toMatchObject({ state: 'completed', stored: 21 });
        const verified = await runCli(folder.path, ['verify', '--repair', '--yes', '--json'], {
          ...shared,
          EMBEDDINGS_HOME: 'third',
        });
        expect(verified.code).toBe(0);
        expect(storedIds()).toHaveLength(21);
        expect(sandbox.bill().inputs).toBe(21);
      } finally {
        right.child.kill('SIGKILL');
        await right.done;
      }
    } finally {
      for (const each of [wrong, client]) {
        each.child.kill('SIGKILL');
        await each.done;
      }
    }
  });

  it('is read by the worker before each run; patterns leave files out, the template may name its columns', async () => {
    writeFileSync(
      join(folder.path, 'embeddings.config.yaml'),
      `collections:
  sounds:
    source: { folder: Samples, ignore: ["Kicks/"] }
    text: |
      {title}
      in {folder}
    store: { url: "file:sounds.db" }
`,
    );
    const place = { ...env(), TEMPORAL_ADDRESS: temporal.address, EMBEDDINGS_METRICS_ADDRESS: 'off' };
    const worker = startCli(folder.path, ['worker'], place);
    try {
      await worker.says('worker is up');
      expect(json(await runCli(folder.path, ['--all', '--json'], place))).toMatchObject({ stored: 11 });
      sample('Dusty Breaks/Loops/New.wav');
      expect(json(await runCli(folder.path, ['--all', '--json'], place))).toMatchObject({
        stored: 1,
        unchanged: 11,
      });
    } finally {
      worker.child.kill('SIGTERM');
      await worker.done;
    }
  });
});
