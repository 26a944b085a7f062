import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { soundFinder } from '../../src/sound/find-file.js';
import { openOriginal } from '../../src/sound/playable.js';
import { copySamples } from '../../src/take/folder/copy-samples.js';
import { openerOf } from '../../src/take/open-found.js';
import { aiff, mp3, mp4, wav as soundWav } from '../sound/files.js';
import { temporaryFolder } from '../support/cli.js';
import { hit, wav, writeSample } from './samples.js';

/** Under the roots, with names of sound or not. */
const NO_SOUND: readonly (readonly [string, Buffer])[] = [
  ['empty.wav', Buffer.alloc(0)],
  ['text.wav', Buffer.from('this is a text\n'.repeat(100))],
  ['page.wav', Buffer.from('<html><script>alert(1)</script></html>')],
  ['.env', Buffer.from('OPENROUTER_API_KEY=sk-secret\n')],
  ['header.wav', wav({ seconds: 0 })],
  ['form.wav', Buffer.from('RIFF\x04\x00\x00\x00WAVE')],
  ['zeros.wav', Buffer.alloc(10_000)],
];
const SOUND: readonly (readonly [string, Buffer])[] = [
  ['ok.wav', wav()],
  ['no-name', wav({ pitch: 2 })],
  ['alac.m4a', mp4('alac')],
  ['adpcm.wav', soundWav(Buffer.alloc(64, 1), { tag: 2, bits: 4, width: 1 })],
  ['a.mp3', mp3(8)],
  ['a.aiff', aiff(Buffer.alloc(64, 1), { frames: 32, bits: 16 })],
];

let place: ReturnType<typeof temporaryFolder>;
let find: ReturnType<typeof soundFinder>;
beforeAll(() => {
  place = temporaryFolder();
  const root = join(place.path, 'root');
  mkdirSync(root);
  for (const [name, bytes] of [...NO_SOUND, ...SOUND]) writeSample(root, name, bytes);
  writeSample(place.path, 'outside.wav');
  symlinkSync('../outside.wav', join(root, 'link.wav'));
  find = soundFinder({ folders: [root], moved: [] });
});
afterAll(() => place.remove());

describe('what is taken', () => {
  it.each(NO_SOUND)('is never %s: it is refused with the sentence of the page', async (name) => {
    const found = await find(name);
    if (found.kind !== 'file') throw new Error(found.sentence);
    const told = await openOriginal(found);
    expect(told).toMatchObject({ kind: 'no-audio' });
    const { sentence } = told as { sentence: string };
    const refused = await openerOf(find)(name);
    expect(refused).toEqual({
      refused: `${sentence.replace(/^The/, 'the').replace(/\.$/, '')} (${join(place.path, 'root', name)})`,
    });
    const bare = (await openerOf(find, { places: false })(name)) as { refused: string };
    expect(`${bare.refused}.`).toBe(sentence.replace(/^The/, 'the'));
  });

  it('is sound of any form, also where browsers do not play it', async () => {
    const to = join(place.path, 'to');
    const names = [...SOUND, ...NO_SOUND, ['link.wav'] as const].map(([name]) => name);
    const samples = names.map((path, at) => hit({ sample_id: at + 1, title: path, path }));
    const { copied, leftOut } = await copySamples(samples, { open: openerOf(find), folder: to });
    expect(copied.map(({ hit: { path } }) => path)).toEqual(SOUND.map(([name]) => name));
    expect(leftOut).toHaveLength(NO_SOUND.length + 1);
    expect(readdirSync(to)).toHaveLength(SOUND.length);
  });

  it('tells its length where opening it does', async () => {
    const file = await openerOf(find)('ok.wav');
    if ('refused' in file) throw new Error(file.refused);
    expect(file.measured).toEqual({ seconds: 0.05, rate: 44_100 });
    await file.close();
  });
});
