import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOriginal, openPlayable } from '../../src/sound/playable.js';
import { box, chunk, encoded, found, type TemporaryFolder, temporaryFolder } from './files.js';

let folder: TemporaryFolder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

/** Media type of the download, otherwise why there is none. */
async function downloaded(name: string, bytes: Buffer): Promise<string> {
  folder.put(name, bytes);
  const sound = await openOriginal(await found(folder, name));
  return sound.kind === 'sound' ? sound.type : sound.kind;
}

/** Whether browsers play it, otherwise why not. */
async function played(name: string, bytes: Buffer): Promise<string> {
  folder.put(name, bytes);
  return (await openPlayable(await found(folder, name))).kind;
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const parts = (...all: (Buffer | string)[]): Buffer =>
  Buffer.concat(all.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));

/** An Ogg page that begins a stream. */
const oggPage = (packet: Buffer): Buffer =>
  parts('OggS', hex('0002'), Buffer.alloc(20), Buffer.from([1, packet.length]), packet);
const SECRET = 'root:x:0:0 secret\n';

describe('a file of each form is sound', () => {
  it.each([
    ['aac', 'audio/aac', 'sound'],
    ['aif', 'audio/aiff', 'sound'],
    ['caf', 'audio/x-caf', 'unplayable'],
    ['flac', 'audio/flac', 'sound'],
    ['m4a', 'audio/mp4', 'sound'],
    ['mka', 'audio/x-matroska', 'unplayable'],
    ['mp3', 'audio/mpeg', 'sound'],
    ['ogg', 'audio/ogg; codecs=vorbis', 'sound'],
    ['opus', 'audio/ogg; codecs=opus', 'sound'],
    ['w64', 'audio/x-w64', 'sound'],
    ['wma', 'audio/x-ms-wma', 'unplayable'],
    ['wv', 'audio/x-wavpack', 'unplayable'],
  ])('%s', async (ending, type, kind) => {
    expect(await downloaded(`a.${ending}`, encoded(ending))).toBe(type);
    expect(await played(`a.${ending}`, encoded(ending))).toBe(kind);
  });

  it('FLAC behind a tag, FLAC and Speex in Ogg, WebM', async () => {
    const tag = parts('ID3', hex('04 00 00 00 00 00 10'), Buffer.alloc(16));
    expect(await downloaded('tagged.flac', parts(tag, encoded('flac')))).toBe('audio/flac');
    const flac = oggPage(parts('\x7fFLAC', hex('01 00 00 02'), encoded('flac').subarray(0, 42)));
    expect(await downloaded('a.oga', flac)).toBe('audio/ogg; codecs=flac');
    expect(await downloaded('a.spx', oggPage(parts('Speex   1.2', Buffer.alloc(69))))).toBe('audio/ogg');
    const webm = parts(
      hex('1a45dfa3 01 00000000000007'),
      hex('4282 84'),
      'webm',
      hex('18538067 01ffffffffffffff'),
    );
    expect(await downloaded('a.webm', webm)).toBe('audio/webm');
    expect(await played('a.webm', webm)).toBe('sound');
  });

  it.each([
    ['a.ape', parts('MAC ', hex('960f 0000 34000000 18000000'), Buffer.alloc(80)), 'audio/x-ape'],
    ['a.mpc', parts('MPCKSH', hex('0f 01020304 08 8000 1f0f'), Buffer.alloc(20)), 'audio/x-musepack'],
    ['a.dsf', parts('DSD ', hex('1c00000000000000'), Buffer.alloc(80)), 'audio/x-dsd'],
    ['a.dff', parts('FRM8', hex('0000000000001000'), 'DSD FVER', Buffer.alloc(80)), 'audio/x-dsd'],
    [
      'a.au',
      parts('.snd', hex('00000018 ffffffff 00000003 0000ac44 00000002'), Buffer.alloc(80)),
      'audio/basic',
    ],
  ])('%s', async (name, bytes, type) => {
    expect(await downloaded(name, bytes)).toBe(type);
    expect(await played(name, bytes)).toBe('unplayable');
  });
});

describe('text behind the first bytes of a form is no sound, whatever its length', () => {
  it.each<[string, Buffer | string]>([
    ['WAV', 'RIFF    WAVEfmt '],
    ['WAV whose sound comes first', 'RIFF    WAVEdata'],
    ['RF64', 'RF64    WAVEds64'],
    ['AIFF', 'FORM    AIFFCOMM'],
    ['AIFC', 'FORM    AIFCSSND'],
    ['W64', hex('726966662e91cf11a5d628db04c10000')],
    ['CAF', 'caff    desc'],
    ['CAF of version 1', parts('caff', hex('00010000'), 'desc')],
    ['FLAC', 'fLaC '],
    ['FLAC behind a tag', parts('ID3', hex('04 00 00 00 00 00 00'), 'fLaC ')],
    ['a tag', parts('ID3', hex('04 00 00 00 00 00 00'))],
    ['Opus', 'OggS OpusHead'],
    ['Opus at its place', `OggS${' '.repeat(24)}OpusHead`],
    ['Opus behind zeros', `OggS${'\x00'.repeat(24)}OpusHead`],
    ['Vorbis', `OggS${' '.repeat(24)}\x01vorbis`],
    ['Speex', `OggS${' '.repeat(24)}Speex   `],
    ['WebM', parts(hex('1a45dfa3'), ' webm ')],
    ['WebM with its document type', parts(hex('1a45dfa3 4282'), 'webm')],
    ['Matroska', parts(hex('1a45dfa3'), ' matroska ')],
    ['MP4', '    ftypM4A '],
    ['MP4 with its first box', box('ftyp', Buffer.from('M4A \x00\x00\x00\x00M4A mp42', 'latin1'))],
    ['MP4 with a name of each box', `${'moov trak mdia minf stbl stsd mp4a '.repeat(2)}ftyp`],
    ['MP3', hex('fffb9000')],
    ['AAC', hex('fff15080021ffc')],
    ['WavPack', 'wvpk'],
    ["Monkey's Audio", 'MAC addresses: '],
    ['Musepack', 'MPCKSH '],
    ['DSD', 'DSD '],
    ['DSDIFF', 'FRM8    DSD '],
    ['AU', '.snd'],
    ['Windows Media', hex('3026b2758e66cf11a6d900aa0062ce6c')],
    ['an unfinished WAV', chunk('RIFF', Buffer.from('WAVE'), { size: 0xffff_ffff })],
  ])('%s', async (_, start) => {
    for (const times of [0, 1, 3, 40, 8000]) {
      const bytes = parts(start, SECRET.repeat(times));
      expect([times, await downloaded('a.wav', bytes)]).toEqual([times, 'no-audio']);
      expect([times, await played('a.wav', bytes)]).toEqual([times, 'no-audio']);
    }
  });

  it('the first 41 bytes of a FLAC, and one whose first block is another', async () => {
    expect(await downloaded('a.flac', encoded('flac').subarray(0, 41))).toBe('no-audio');
    expect(await downloaded('a.flac', parts('fLaC', hex('04000022'), SECRET.repeat(9)))).toBe('no-audio');
    expect(await downloaded('a.flac', parts('fLaC', hex('00000021'), SECRET.repeat(9)))).toBe('no-audio');
  });
});
