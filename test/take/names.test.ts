import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cutToBytes,
  extensionOf,
  NAME_BYTES,
  notADevice,
  safePart,
  sameOnDisk,
} from '../../src/sound/safe-name.js';
import { sampleName } from '../../src/take/names/sample-name.js';

const named = (
  title: string | null,
  more: { bpm?: number; key?: string; file?: string; ascii?: boolean } = {},
) =>
  sampleName({
    ...{ number: 1, width: 2, file: more.file ?? 'x.wav', ascii: more.ascii ?? false },
    facts: { title, bpm: more.bpm ?? null, key: more.key ?? null },
  });

describe('the name of a copy', () => {
  it.each([
    [named('Kick Hard', { bpm: 128, key: 'Fm' }), '01 Kick Hard 128 Fmin.wav'],
    [named('Kick Hard', { bpm: 127.6, key: 'F minor', file: 'K.AIFF' }), '01 Kick Hard 128 Fmin.aiff'],
    [named('Loop 128 Fmin', { bpm: 128, key: 'Fm' }), '01 Loop 128 Fmin.wav'],
    [named('Loop 1280', { bpm: 128, key: '8A' }), '01 Loop 1280 128 Amin.wav'],
    [named('Lead', { key: 'F# major' }), '01 Lead F#.wav'],
    [named('Lead', { key: 'lydian' }), '01 Lead lydian.wav'],
    [named('Lead', { key: 'whatever somebody wrote' }), '01 Lead.wav'],
    [named(null, { file: 'Deep Kick.wav' }), '01 Deep Kick.wav'],
    [named('  ', { file: '??.wav' }), '01 Sample.wav'],
    [named('AC/DC: <live> "now"|*?\\'), '01 AC DC live now.wav'],
    [named('../../etc/passwd'), '01 etc passwd.wav'],
    [named('Café\u0301 \u202eevil\u202c\0\n\tend...  '), '01 Café\u0301 evil end.wav'.normalize('NFC')],
    [named('夜の雨 🎷'), '01 夜の雨 🎷.wav'],
    [named('夜の雨', { ascii: true, file: '夜.wav' }), '01 Sample.wav'],
    [named('Über Señorita Łódź ß', { ascii: true }), '01 Uber Senorita Lodz ss.wav'],
    [named('Full／width', { ascii: true }), '01 Full width.wav'],
    [named('x', { file: 'no extension' }), '01 x'],
    [named('lone \ud800 surrogate'), '01 lone surrogate.wav'],
  ])('%s', (name, right) => expect(name).toBe(right));

  it('has a bounded length and keeps tempo, key and extension', () => {
    const long = named('🎷é'.repeat(200), { bpm: 90, key: 'Am', file: 'x.flac' });
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(NAME_BYTES);
    expect(long).toMatch(/^01 (?:🎷é)+🎷? 90 Amin\.flac$/u);
  });

  it('is safe on every disk, whatever the title says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.boolean(), (title, ascii) => {
        const name = named(title, { ascii, bpm: 120, key: 'Am' });
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(NAME_BYTES);
        expect(name).not.toMatch(/[<>:"/\\|?*\p{Cc}\p{Cf}]|[. ]$|^[. ]/u);
        expect(name).toBe(name.normalize('NFC'));
        expect(name.isWellFormed()).toBe(true);
        if (ascii) expect(name).toMatch(/^[\x20-\x7e]+$/);
      }),
    );
  });

  it.each(['CON', 'con.wav', 'NUL', 'Com1.txt', 'LPT9', 'aux'])('%s is a device', (name) =>
    expect(notADevice(name)).toBe(name.replace(/^\w+/, '$&_')),
  );
  it.each(['CONGA.wav', 'com10', 'auxiliary'])('%s is none', (name) => expect(notADevice(name)).toBe(name));

  it('knows an extension from a title with a dot', () => {
    expect(['a.WAV', 'a.b', '.wav', 'a', 'Vol. 3 - end.', 'x.m4a'].map(extensionOf)).toEqual([
      ...['.wav', '.b', '', '', '', '.m4a'],
    ]);
  });

  it('cuts between characters', () => {
    expect(cutToBytes('a🎷b', 4)).toBe('a');
    expect(cutToBytes('ab   cd', 4)).toBe('ab');
  });

  it('takes for one what some disk takes for one', () => {
    expect(sameOnDisk('KICK.wav')).toBe(sameOnDisk('kick.WAV'));
    expect(sameOnDisk('Cafe\u0301')).toBe(sameOnDisk('CAFÉ'));
    expect(sameOnDisk('STRASSE')).toBe(sameOnDisk('straße'));
  });

  it('leaves nothing of what only hides', () => expect(safePart('\u200b\ufeff.\u202e')).toBe(''));
});
