import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEverySettings, loadSettings } from '../../src/config.js';
import { findSound, soundFinder } from '../../src/sound/find-file.js';
import { openPlayable } from '../../src/sound/playable.js';
import { checkSoundRoots, type SoundRoots } from '../../src/sound/roots.js';
import { openerOf } from '../../src/take/open-found.js';
import { prepareSamples } from '../../src/take/prepare.js';
import { writeZip } from '../../src/take/zip.js';
import { hit } from '../take/samples.js';
import { found, type TemporaryFolder, temporaryFolder, wav } from './files.js';

let folder: TemporaryFolder;
let music: string;
beforeAll(() => {
  folder = temporaryFolder();
  music = join(folder.path, 'music');
  mkdirSync(music);
  folder.put('outside.wav', wav(Buffer.alloc(4)));
  symlinkSync('../outside.wav', join(music, 'out.wav'));
  folder.put(
    'embeddings.config.yaml',
    'collections: { sounds: { source: { folder: music }, store: { url: "file:s.db" } } }\n',
  );
});
afterAll(() => folder.remove());

/** The roots of a folder catalog: of DATABASE_URL, and declared. */
const rootsOfFolder = (more: Record<string, string> = {}): SoundRoots[] => [
  loadSettings({ DATABASE_URL: music, ...more }, music).soundRoots,
  ...loadEverySettings(more, folder.path).map(({ soundRoots }) => soundRoots),
];

const sentencesOf = async (roots: SoundRoots): Promise<string[]> => {
  const all = await Promise.all(['out.wav', 'gone.wav', '\0'].map((path) => findSound(path, roots)));
  return all.map((each) => (each.kind === 'file' ? each.path.toString() : each.sentence));
};

const GONE =
  'The file is not there: connect its disk; where it has moved, name its folder in source.folder of embeddings.config.yaml too, and run embeddings scan.';
const OUTSIDE =
  "The file lies outside of the catalog's folders: name its folder in source.folder of embeddings.config.yaml too.";

describe('the cure of a path', () => {
  it('names source.folder where the catalog is a folder', async () => {
    const all = rootsOfFolder();
    expect(all).toHaveLength(2);
    for (const roots of all) expect(await sentencesOf(roots)).toEqual([OUTSIDE, GONE, GONE]);
  });

  it('names SAMPLES_ROOT where that is set, or the catalog is a database', async () => {
    for (const roots of [...rootsOfFolder({ SAMPLES_ROOT: music }), { folders: [music], moved: [] }])
      for (const sentence of await sentencesOf(roots)) {
        expect(sentence).toContain('SAMPLES_ROOT');
        expect(sentence).not.toContain('source.folder');
      }
  });

  it('is in the text of a zip, too', async () => {
    for (const roots of rootsOfFolder()) {
      const stream = new PassThrough();
      const samples = ['out.wav', 'gone.wav'].map((path, at) =>
        hit({ sample_id: at + 1, title: path, path }),
      );
      const prepared = prepareSamples(samples, openerOf(soundFinder(roots), { places: false }));
      const [, bytes] = await Promise.all([
        writeZip(prepared, stream, { tellLeftOut: true }),
        buffer(stream),
      ]);
      const told = bytes.toString();
      expect(told).toContain(`Left out: 1 (out.wav): ${OUTSIDE.replace('The', 'the').replace(/\.$/, '')}`);
      expect(told).toContain(`Left out: 2 (gone.wav): ${GONE.replace('The', 'the').replace(/\.$/, '')}`);
      expect(told).not.toContain('SAMPLES_ROOT');
    }
  });

  it('names no setting where the file was found and is gone since', async () => {
    writeFileSync(join(folder.path, 'brief.wav'), wav(Buffer.alloc(4)));
    const file = await found(folder, 'brief.wav');
    rmSync(join(folder.path, 'brief.wav'));
    expect(await openPlayable(file)).toMatchObject({
      sentence: 'The file is not there: connect its disk, and try again.',
    });
  });

  it('of a missing folder names SAMPLES_ROOT only where that is set', async () => {
    const gone = join(folder.path, 'unplugged');
    await expect(checkSoundRoots({ folders: [gone], moved: [], ofCatalog: true })).rejects.toThrow(
      `The catalog's folder "${gone}" is not there: connect its disk, or correct its path`,
    );
    await expect(checkSoundRoots({ folders: [gone], moved: [] })).rejects.toThrow(/^SAMPLES_ROOT: /);
  });
});
