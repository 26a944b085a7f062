import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copySamples } from '../../src/take/folder/copy-samples.js';
import type { OpenSample } from '../../src/take/open-sample.js';
import { temporaryFolder } from '../support/cli.js';
import { files, hit, wav, writeSample } from './samples.js';

let place: ReturnType<typeof temporaryFolder>;
let from: string;
let to: string;
beforeEach(() => {
  place = temporaryFolder();
  from = join(place.path, 'from');
  to = join(place.path, 'to', 'crate');
});
afterEach(() => place.remove());

const kick = (id: number, pitch = id) =>
  hit({ sample_id: id, title: 'Kick', path: writeSample(from, `${id}.wav`, wav({ pitch })) });
const names = (folder = to) => readdirSync(folder).sort();

describe('copies in a folder', () => {
  it('have clean names in order and the same bytes; again there is nothing to do', async () => {
    const samples = [kick(1), kick(2)];
    const { open, opened } = files();
    const first = await copySamples(samples, { open, folder: to });
    expect(first).toMatchObject({ leftOut: [], stopped: null });
    expect(names()).toEqual(['01 Kick.wav', '02 Kick.wav']);
    expect(readFileSync(join(to, '02 Kick.wav'))).toEqual(readFileSync(join(from, '2.wav')));
    expect(first.copied.map(({ how }) => how)).toEqual(['copied', 'copied']);
    const again = await copySamples(samples, { open, folder: to });
    expect(again.copied.map(({ how }) => how)).toEqual(['there', 'there']);
    expect(names()).toHaveLength(2);
    expect(opened()).toBe(0);
  });

  it('a file that is there is never written to, in whatever letter case', async () => {
    writeSample(to, '01 KICK.WAV', Buffer.from('mine'));
    const samples = [kick(1)];
    const { open } = files();
    await copySamples(samples, { open, folder: to });
    await copySamples(samples, { open, folder: to });
    expect(names()).toEqual(['01 KICK.WAV', '01 Kick (2).wav']);
    expect(readFileSync(join(to, '01 KICK.WAV'), 'utf8')).toBe('mine');
  });

  it('a link that waits under the name is not followed', async () => {
    const target = writeSample(place.path, 'target', Buffer.from('mine'));
    mkdirSync(to, { recursive: true });
    symlinkSync(target, join(to, '01 Kick.wav'));
    await copySamples([kick(1)], { open: files().open, folder: to });
    expect(readFileSync(target, 'utf8')).toBe('mine');
    expect(names()).toEqual(['01 Kick (2).wav', '01 Kick.wav']);
  });

  it('of samples that lie in that very folder are new files', async () => {
    const samples = [kick(1)];
    await copySamples(samples, { open: files().open, folder: from });
    expect(names(from)).toEqual(['01 Kick.wav', '1.wav']);
    await copySamples([hit({ sample_id: 1, title: 'Kick', path: join(from, '01 Kick.wav') })], {
      open: files().open,
      folder: from,
    });
    expect(names(from)).toEqual(['01 Kick.wav', '1.wav']);
    expect(readFileSync(join(from, '01 Kick.wav'))).toEqual(wav());
  });

  it('a file that is gone is named, keeps its number, and comes later', async () => {
    const samples = [kick(1), kick(2), kick(3)];
    rmSync(join(from, '2.wav'));
    const { open } = files();
    const first = await copySamples(samples, { open, folder: to });
    expect(first.leftOut).toMatchObject([
      { hit: { sample_id: 2 }, reason: expect.stringMatching('is not there') },
    ]);
    expect(names()).toEqual(['01 Kick.wav', '03 Kick.wav']);
    kick(2);
    await copySamples(samples, { open, folder: to });
    expect(names()).toEqual(['01 Kick.wav', '02 Kick.wav', '03 Kick.wav']);
  });

  it('a file that breaks off is left out, and nothing of it stays', async () => {
    const { open } = files();
    const broken: OpenSample = async (path) => {
      const file = await open(path);
      return 'refused' in file || file.name !== '1.wav' ? file : { ...file, size: file.size + 9 };
    };
    const { copied, leftOut } = await copySamples([kick(1), kick(2)], { open: broken, folder: to });
    expect(copied.map(({ hit }) => hit.sample_id)).toEqual([2]);
    expect(leftOut[0]?.reason).toBe('1.wav was changed while it was read: try again');
    expect(names()).toEqual(['02 Kick.wav']);
  });

  it('go into banks for a sampler, and what does not fit is named', async () => {
    const long = hit({ sample_id: 9, title: 'Long', path: writeSample(from, '9.wav', wav({ seconds: 3 })) });
    // The catalog's length counts neither way: the file is measured.
    const told = hit({ sample_id: 8, title: 'Told', duration: 31.04, path: writeSample(from, '8.wav') });
    const lied = hit({
      ...{ sample_id: 4, title: 'Lied', duration: 0.1 },
      path: writeSample(from, '4.wav', wav({ seconds: 31.04, rate: 8000 })),
    });
    const rate = hit({
      sample_id: 7,
      title: 'Rate',
      path: writeSample(from, '7.wav', wav({ rate: 48_000 })),
    });
    const none = hit({
      sample_id: 6,
      title: 'None',
      path: writeSample(from, '6.wav', Buffer.from('no audio')),
    });
    const odd = hit({ sample_id: 5, title: 'Été 夜', path: writeSample(from, '5.wav') });
    const samples = [kick(1), long, told, lied, rate, none, kick(3), odd];
    const layout = { bank: 2, maxSeconds: 2, rate: 44_100 };
    const { open, opened } = files();
    const { leftOut } = await copySamples(samples, { open, folder: to, layout });
    expect(leftOut.map(({ hit: { title }, reason }) => `${title}: ${reason}`)).toEqual([
      'Long: it is 3 seconds long, and 2 are allowed: cut it, or raise --max-seconds',
      'Lied: it is 31 seconds long, and 2 are allowed: cut it, or raise --max-seconds',
      'Rate: it has 48000 Hz, and 44100 are asked for: convert it, or leave --rate out',
      'None: its length and rate cannot be read: check whether the file is audio',
    ]);
    expect(names()).toEqual(['Bank A', 'Bank B']);
    expect(names(join(to, 'Bank A'))).toEqual(['01 Kick.wav', '02 Told.wav']);
    expect(names(join(to, 'Bank B'))).toEqual(['01 Kick.wav', '02 Ete.wav']);
    expect(opened()).toBe(0);
  });

  it('a bank that is a link leads nowhere else', async () => {
    const elsewhere = join(place.path, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(to, { recursive: true });
    symlinkSync(elsewhere, join(to, 'Bank A'));
    const { open, opened } = files();
    const { stopped } = await copySamples([kick(1)], { open, folder: to, layout: { bank: 4 } });
    expect(stopped).toMatch(/Bank A exists and is not a folder: remove it/);
    expect(opened()).toBe(0);
    expect(names(elsewhere)).toEqual([]);
  });

  it('stop where they are interrupted, with nothing half-written', async () => {
    const stop = new AbortController();
    const { copied, stopped } = await copySamples([kick(1), kick(2)], {
      ...{ open: files().open, folder: to, signal: stop.signal },
      progress: (done) => done === 1 && stop.abort(),
    });
    expect({ copied: copied.length, stopped }).toEqual({
      copied: 1,
      stopped: 'it was interrupted: the same command goes on',
    });
    expect(names()).toEqual(['01 Kick.wav']);
  });

  it('clear away what a copy that was killed has left', async () => {
    const old = writeSample(to, '.embeddings-0123456789ab.part', Buffer.from('x'));
    utimesSync(old, new Date(0), new Date(0));
    writeSample(to, '.embeddings-ba9876543210.part', Buffer.from('of another that runs'));
    writeFileSync(join(to, '.embeddings-mine.part'), 'x');
    await copySamples([kick(1)], { open: files().open, folder: to });
    expect(names()).toEqual(['.embeddings-ba9876543210.part', '.embeddings-mine.part', '01 Kick.wav']);
  });

  it('name what a disk that is full has taken, and what not', async () => {
    const disk = smallDisk(join(place.path, 'disk'));
    try {
      const samples = [kick(1), kick(2), kick(3)];
      const { open, opened } = files();
      // As where others fill it meanwhile.
      const full = await copySamples(samples, { open, folder: disk.path, room: async () => null });
      expect(full.stopped).toMatch(disk.refuses);
      expect(full.copied).toHaveLength(disk.takes);
      expect(readdirSync(disk.path).filter((name) => name.endsWith('.part'))).toEqual([]);
      expect(opened()).toBe(0);
    } finally {
      disk.remove();
    }
  });
});

describe('room on the disk', () => {
  const room = (free: number) => async () => ({ free, block: 4096 });

  it('is looked at before anything is copied: the sentence says what is needed', async () => {
    const gone = hit({ sample_id: 9, path: join(from, 'gone.wav') });
    const { open, opened } = files();
    const samples = [kick(1), gone, kick(2)];
    const none = await copySamples(samples, { open, folder: to, room: room(10_000) });
    expect(none).toMatchObject({ copied: [], leftOut: [{ hit: gone }] });
    expect(none.stopped).toBe(
      `the disk of ${to} has 10.0 KB free, and 16.4 KB are needed: make room, then the same command goes on`,
    );
    expect(names()).toEqual([]);
    expect(opened()).toBe(0);
    const all = await copySamples(samples, { open, folder: to, room: room(16_384) });
    expect(all).toMatchObject({ stopped: null, copied: [{}, {}] });
    // What is there needs none.
    const again = await copySamples(samples, { open, folder: to, room: room(0) });
    expect(again).toMatchObject({ stopped: null, copied: [{ how: 'there' }, { how: 'there' }] });
  });
});

describe('a folder that cannot be made', () => {
  it.each([
    ['/proc/nowhere/deep', /^\/proc\/nowhere cannot be made \(E\w+\): choose another folder$/],
    ['afile/sub/deep', /afile exists and is not a folder: remove it, or choose another folder$/],
    [`${'a'.repeat(300)}/deep`, /cannot be made \(ENAMETOOLONG\): choose another folder$/],
  ])('%s is named, at once', async (folder, sentence) => {
    writeSample(place.path, 'afile');
    const { open, opened } = files();
    const { copied, stopped } = await copySamples([kick(1)], { open, folder: resolve(place.path, folder) });
    expect(copied).toEqual([]);
    expect(stopped).toMatch(sentence);
    expect(opened()).toBe(0);
  });
});

/** A disk with room for two of the files; where none may be mounted, one that takes nothing. */
function smallDisk(path: string) {
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', path], { stdio: 'ignore' });
    return {
      ...{ path, takes: 2, refuses: /^the disk of .* is full: make room, then the same command goes on$/ },
      remove: () => execFileSync('umount', [path]),
    };
  } catch {
    return {
      path: '/proc',
      takes: 0,
      refuses: /^\/proc (?:may not|cannot) be written/,
      remove: () => undefined,
    };
  }
}
