import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeZipFile } from '../../../src/commands/take/zip-file.js';
import type { OpenSample } from '../../../src/take/open-sample.js';
import { temporaryFolder } from '../../support/cli.js';
import { files, hit, wav, writeSample } from '../../take/samples.js';

let place: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  place = temporaryFolder();
  path = join(place.path, 'out.zip');
});
afterEach(() => place.remove());

const samples = () =>
  [1, 2].map((id) =>
    hit({ sample_id: id, title: 'Kick', path: writeSample(place.path, `${id}.wav`, wav({ pitch: id })) }),
  );
const room = (free: number) => async () => ({ free, block: 4096 });

describe('a zip file', () => {
  it('is not begun where its disk has no room for it: the sentence says what is needed', async () => {
    const { open, opened } = files();
    const gone = hit({ sample_id: 3, path: '/nowhere' });
    const short = await writeZipFile([...samples(), gone], path, { open, layout: {}, room: room(4096) });
    expect(short).toMatchObject({ packed: [], leftOut: [{ hit: gone }] });
    expect(short.stopped).toBe(
      'its disk has 4.1 KB free, and 12.3 KB are needed: make room, or name a file on another disk',
    );
    expect(existsSync(path)).toBe(false);
    const done = await writeZipFile(samples(), path, { open, layout: {}, room: room(12_288) });
    expect(done).toMatchObject({ stopped: null, packed: [{}, {}] });
    expect(readFileSync(path).length).toBeLessThan(12_288);
    expect(opened()).toBe(0);
  });

  it.each([
    ['/dev/full', undefined, /^its disk is full: make room, or name a file on another disk$/],
    [undefined, 9, /^1\.wav was changed while it was read: try again$/],
  ])('that ends early says why, and leaves nothing behind (%s)', async (device, more = 0, sentence) => {
    const { open, opened } = files();
    const cut: OpenSample = async (sample) => {
      const file = await open(sample);
      return 'refused' in file ? file : { ...file, size: file.size + more };
    };
    const some = samples();
    const before = readdirSync(place.path);
    const { packed, stopped } = await writeZipFile(some, device ?? path, { open: cut, layout: {} });
    expect(packed).toEqual([]);
    expect(stopped).toMatch(sentence);
    expect(readdirSync(place.path)).toEqual(before);
    expect(opened()).toBe(0);
  });

  it('that is interrupted says so', async () => {
    const stop = new AbortController();
    stop.abort();
    const { open, opened } = files();
    const { stopped } = await writeZipFile(samples(), path, { open, layout: {}, signal: stop.signal });
    expect(stopped).toBe('it was interrupted: give the same command again');
    expect(opened()).toBe(0);
  });
});
