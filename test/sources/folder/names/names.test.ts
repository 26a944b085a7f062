import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFolderNames } from '../../../../src/sources/folder/names/index.js';

const factsOf = (fileName: string, folder = '', beside: readonly string[] = []) =>
  readFolderNames(folder, [fileName, ...beside]).factsOf(fileName);

describe('facts of a name', () => {
  test('the vendor, the instrument, the number, the tempo and the key', () => {
    expect(factsOf('KSHMR_Kick_Hard_03_128_Fmin.wav', 'Sounds of KSHMR Vol 4/Kicks')).toEqual({
      title: 'KSHMR Kick Hard 03',
      bpm: 128,
      musicalKey: 'Fm',
      pack: 'Sounds of KSHMR Vol 4',
      kind: null,
      instruments: ['kick'],
      from: {
        bpm: 'file name "128"',
        musicalKey: 'file name "Fmin"',
        pack: 'folder "Sounds of KSHMR Vol 4"',
        instruments: 'file name "KSHMR_Kick_Hard_03_128_Fmin"',
      },
    });
  });

  test.each([
    ['DeepKick.wav', 'Deep Kick'],
    ['Cymatics - Soft Chord Loop 47 - 100 BPM A#min.wav', 'Cymatics - Soft Chord Loop 47'],
    ['KSHMR Sax Loop 65 (120, Gm).wav', 'KSHMR Sax Loop 65'],
    [
      'looperman-l-5305911-0327807-kawaii-retro-chords 150 BPM Key D.wav',
      'looperman l 5305911-0327807 kawaii retro chords',
    ],
    ['lft2_synth_one_shot_low_mood_Cm9.wav', 'lft2 synth one shot low mood'],
    ['128bpm_Am.wav', '128bpm Am'],
    ['Drums 12.mp3', 'Drums 12'],
    ['Lo-Fi Drums.mp3', 'Lo-Fi Drums'],
    ['.wav', 'wav'],
    ['___.wav', '___'],
  ])('the title of %s is "%s"', (name, title) => {
    expect(factsOf(name).title).toBe(title);
  });

  test.each([
    'Snare 24bit 96k.wav',
    'Loop 2019 44100.wav',
    'KICK_vel127_rr2.wav',
    'Piano C#3.wav',
    'Pad A.wav',
    'Take A.wav',
    'Loop E 3.wav',
    'A Minor Thing.wav',
    '70-140bpm loop.wav',
    'Riser 128-140bpm.wav',
    'Am to Cm bass.wav',
    'Guitar Am to G.wav',
    'Am-C bass.wav',
    'Am&C bass.wav',
    '80–160 BPM sweep.wav',
    '120->140 bpm riser.wav',
    '90..120bpm drums.wav',
    'Loop 100BPM 128BPM.wav',
    'Part 2A.wav',
    '808 Kick 909.wav',
    'Intro 120s.wav',
    'version v2 120.wav',
  ])('%s tells neither tempo nor key', (name) => {
    const { bpm, musicalKey } = factsOf(name);
    expect({ bpm, musicalKey }).toEqual({ bpm: null, musicalKey: null });
  });

  test('codes of the mixing wheel beside a tempo, or where a folder is full of them', () => {
    expect(factsOf('8A - 128 BPM - My Song.mp3').musicalKey).toBe('Am');
    expect(factsOf('Aura_Bass_9B.wav', '', ['Love_Bass_11B.wav', 'Sweet_Bass_6A.wav']).musicalKey).toBe('G');
    expect(factsOf('Part_2A.wav', '', ['Part_2B.wav', 'Part_3A.wav']).musicalKey).toBeNull();
  });
});

describe('facts of folders', () => {
  test.each([
    ['Loops 128 Am', 128, 'Am', 'loop'],
    ['120 BPM', 120, null, null],
    ['Pack X/Loops/128 BPM/Fmin', 128, 'Fm', 'loop'],
    ['Drum Loops 174', 174, null, 'loop'],
    ['Top 100 Loops', null, null, 'loop'],
    ['100 Loops', null, null, 'loop'],
    ['128', null, null, null],
  ])('a pad below %s', (folder, bpm, musicalKey, kind) => {
    const facts = factsOf('pad.wav', folder);
    expect([facts.bpm, facts.musicalKey, facts.kind]).toEqual([bpm, musicalKey, kind]);
  });

  test('the nearest folder wins, and the name over both', () => {
    expect(factsOf('x.wav', '120 BPM/128 BPM').bpm).toBe(128);
    expect(factsOf('x 140bpm.wav', '120 BPM/128 BPM')).toMatchObject({
      bpm: 140,
      from: { bpm: 'file name "140bpm"' },
    });
    expect(factsOf('x.wav', '120 BPM').from.bpm).toBe('folder "120 BPM"');
  });

  test("a name that says two tempos gets none, not its folder's", () => {
    expect(factsOf('x 100BPM 128BPM.wav', '120 BPM').bpm).toBeNull();
  });

  test('one-shots have no tempo of a folder, drums no key of a folder', () => {
    expect(factsOf('bass.wav', 'Kit 120 BPM/One Shots').bpm).toBeNull();
    expect(factsOf('snare.wav', 'Kit Am').musicalKey).toBeNull();
    expect(factsOf('bass.wav', 'Kit Am').musicalKey).toBe('Am');
  });

  test.each([
    ['Kit_142BPM_F_minor', 'Acapella_Test_A_142BPM_8bars.wav', null],
    ['Kit_124BPM_A_minor', 'Acapella_Test_A_124BPM_8bars.wav', 'Am'],
    ['Kit_124BPM_A_minor', 'Acapella_Test_124BPM_8bars.wav', 'Am'],
    ['Kit Abm', 'bass_120bpm_G#.wav', 'Abm'],
    ['Kit_F_minor', 'bass_120bpm_G#.wav', 'G#'],
    ['Kit_F_minor', 'bass_120bpm_Am.wav', 'Am'],
    ['Kit_80_Am', 'sm_kit80_berries_pad_F.wav', 'F'],
    ['Kit_F_minor', 'bass 120 BPM Key A.wav', 'A'],
    ['Kit F', 'bass_120bpm_A.wav', 'A'],
    ['Kit A major', 'bass_120bpm_A.wav', 'A'],
  ])('below %s, %s is in %s', (folder, name, key) => {
    expect(factsOf(name, folder).musicalKey).toBe(key);
  });

  test('the source and the title of a letter that the folder settles', () => {
    const own = factsOf('Lead_A_124BPM.wav', 'Kit A minor');
    expect([own.title, own.from.musicalKey]).toEqual(['Lead', 'folder "Kit A minor"']);
    const none = factsOf('Lead_A_124BPM.wav', 'Kit F minor');
    expect([none.title, none.from.musicalKey]).toEqual(['Lead A', undefined]);
  });
});

describe('a name among the other names of its folder (the table of docs/folders.md)', () => {
  const keys = ['bell_c.wav', 'glass_g.wav', 'harp_bb.wav', 'marimba_fs.wav'];
  const tempos = ['bass_100.wav', 'wave_140.wav', 'clicks_170.wav', 'wet_170.wav', 'bull_140.wav'];
  const cups = ['cup 100.wav', 'cup 100 close.wav', 'plate 64.wav'];

  test.each([
    ['bell_c.wav', '', keys, null, 'C'],
    ['harp_bb.wav', '', keys, null, 'Bb'],
    ['marimba_fs.wav', '', keys, null, 'F#'],
    ['bell_c.wav', '', [], null, null],
    ['early_am.wav', '', [], null, null],
    ['bass_100.wav', '', tempos, 100, null],
    ['wave_140.wav', '', tempos, 140, null],
    ['crunch_140.wav', '', ['crunch_140_tops.wav'], 140, null],
    ['dhn_bs122_driver_Am.wav', 'loops', [], 122, 'Am'],
    ['dhn_drm122_full.wav', 'loops', [], 122, null],
    ['kick808.wav', 'loops', [], null, null],
    ['SM142 hard.wav', 'loops', [], null, null],
    ['kit100_bass.wav', 'loops', [], null, null],
    ['synth f.wav', '', ['synth c#.wav'], null, 'F'],
    ['synth f.wav', '', [], null, null],
    ['lead_A_124BPM.wav', 'Kit A minor', [], 124, 'Am'],
    ['lead_A_124BPM.wav', 'Kit F minor', [], 124, null],
    ['cup 100.wav', '', cups, null, null],
    ['128 - 8A - Night Train.wav', '', [], 128, 'Am'],
  ])('%s below "%s"', (name, folder, beside, bpm, key) => {
    const facts = factsOf(name, folder, beside);
    expect([facts.bpm, facts.musicalKey]).toEqual([bpm, key]);
  });

  test.each([
    ['ui_click_100.wav', 'Game Audio/UI', ['ui_pop_100.wav', 'ui_click_120.wav', 'ui_pop_120.wav']],
    ['vibes_soft_60.wav', 'Multisamples', ['vibes_hard_60.wav', 'vibes_soft_72.wav', 'vibes_hard_72.wav']],
    ['riser 100 to 140 bpm.wav', '', []],
    ['Tap 64.wav', 'Organic Loops/Hits', []],
  ])('%s below "%s" tells no tempo', (name, folder, beside) => {
    expect(factsOf(name, folder, beside).bpm).toBeNull();
  });
});

describe('any name at all', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom(
      '128',
      'bpm',
      'Am',
      'F#min',
      '_',
      ' - ',
      'loop',
      'Kick',
      '(',
      ')',
      'é',
      'ＡＢ',
      '8A',
      '.wav',
      '♭',
      "'",
    ),
  );
  const anyName = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));

  test('is read without an error, twice alike, with a title', () => {
    fc.assert(
      fc.property(anyName, fc.array(anyName, { maxLength: 6 }), anyName, (name, beside, folder) => {
        const facts = factsOf(name, folder, beside);
        expect(factsOf(name, folder, beside)).toEqual(facts);
        if (name !== '') expect(facts.title).not.toBe('');
        if (facts.bpm !== null) expect(facts.bpm).toSatisfy((bpm: number) => bpm >= 40 && bpm <= 300);
        if (facts.musicalKey !== null) expect(facts.musicalKey).toMatch(/^[A-G][#b]?m?$/);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is read alike in both of its Unicode forms', () => {
    fc.assert(
      fc.property(anyName, anyName, (name, folder) => {
        expect(factsOf(name.normalize('NFD'), folder.normalize('NFD'))).toEqual(
          factsOf(name.normalize('NFC'), folder.normalize('NFC')),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
