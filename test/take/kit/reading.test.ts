import { describe, expect, it } from 'vitest';
import { readBrief } from '../../../src/take/kit/brief.js';
import { keyFit, keyWords } from '../../../src/take/kit/harmony.js';
import { isLoop, type Role, rolesIn, rolesOf } from '../../../src/take/kit/roles.js';
import { tempoFit, tempoWords } from '../../../src/take/kit/tempo.js';
import { hit } from '../samples.js';

describe('tempo and key in a text', () => {
  it.each<[string, string, number | null, string | null]>([
    ['dusty boom bap, 90 bpm, A minor', 'dusty boom bap', 90, 'Am'],
    ['dusty boom bap 90bpm Am', 'dusty boom bap', 90, 'Am'],
    ['90-95 BPM dark trap in F# minor', 'dark trap', 92.5, 'F#m'],
    ['techno at 130', 'techno', 130, null],
    ['techno at 130 in Bb', 'techno', 130, 'Bb'],
    ['lo-fi, 87,5 bpm, key of c', 'lo-fi', 87.5, 'C'],
    ['soul in a minor', 'soul', null, 'Am'],
    ['soul, e flat major, warm', 'soul, warm', null, 'Eb'],
    ['house 8A', 'house', null, 'Am'],
    ['house, Camelot 12B', 'house, Camelot', null, 'E'],
    ['a minor thing happened', 'a minor thing happened', null, null],
    ['A dusty loop', 'A dusty loop', null, null],
    ['808 bass and 909 hats', '808 bass and 909 hats', null, null],
    ['drums at 130, 9999 bpm', 'drums, 9999 bpm', 130, null],
    ['Am, 90 bpm', '', 90, 'Am'],
    ['C♯m ambient', 'ambient', null, 'C#m'],
    ['Db maj ambient', 'ambient', null, 'Db'],
    ['vitamin B and C', 'vitamin B and C', null, null],
  ])('%s', (text, feel, bpm, key) => expect(readBrief(text)).toEqual({ feel, bpm, key }));
});

describe('keys that go together', () => {
  it.each([
    ['Am', 'Am', 'same'],
    ['Am', 'A minor', 'same'],
    ['Am', '8A', 'same'],
    ['C#', 'Db', 'same'],
    ['Am', 'C', 'relative'],
    ['C', 'Am', 'relative'],
    ['Am', 'Em', 'fifth-above'],
    ['Am', 'Dm', 'fifth-below'],
    ['F', 'Bb', 'fifth-below'],
    ['Am', 'A', null],
    ['Am', 'G', null],
    ['Am', 'Bm', null],
    ['Am', null, 'unknown'],
    ['Am', 'atonal', 'unknown'],
    [null, 'Am', 'unknown'],
  ])('%s and %s: %s', (target, key, fit) => expect(keyFit(target, key)).toBe(fit));

  it('are said in words', () => {
    expect(keyWords('relative', 'Am', 'C')).toBe('C: relative major of Am');
    expect(keyWords('relative', 'C', 'Am')).toBe('Am: relative minor of C');
    expect(keyWords('fifth-above', 'Am', 'Em')).toBe('Em: a fifth above Am');
    expect(keyWords('unknown', 'Am', null)).toBe('key unknown');
  });
});

describe('tempos that go together', () => {
  it.each([
    [90, 90, 'same', '90 BPM: the same tempo'],
    [90, 92.7, 'same', '92.7 BPM: 3 % faster'],
    [90, 93, null, ''],
    [90, 45, 'half', '45 BPM: half time'],
    [90, 178, 'double', '178 BPM: double time'],
    [90, 135, null, ''],
    [90, null, 'unknown', 'tempo unknown'],
    [null, 90, 'unknown', '90 BPM'],
  ] as const)('%s and %s: %s', (target, bpm, fit, words) => {
    const found = tempoFit(target, bpm);
    expect(found).toBe(fit);
    if (found !== null) expect(tempoWords(found, target, bpm)).toBe(words);
  });
});

describe('what a sample is', () => {
  it.each<[string, Role[]]>([
    ['Hard Kick 01', ['kick']],
    ['KSHMR_Kick_Hard', ['kick']],
    ['DeepKick', ['kick']],
    ['Bass Drum 3', ['kick']],
    ['Kick Drum', ['kick']],
    ['Sidekick Story', []],
    ['Loop No Kick', []],
    ['HiHat_grit_closed', ['closed hat']],
    ['Closed Hat', ['closed hat']],
    ['Open Hat 808', ['open hat', 'bass']],
    ['HiHat Open 2', ['open hat']],
    ['What a That', []],
    ['Drum Loop 90', ['break']],
    ['Drum Kick', ['kick']],
    ['Vinyl Kick', ['kick']],
    ['Vinyl Crackle', ['fx']],
    ['Synth Bass', ['bass']],
    ['808', ['bass']],
    ['Rhodes Chords', ['chords']],
    ['Kick Snare Loop', ['kick', 'snare']],
    ['夜の雨', []],
  ])('%s: %j', (text, roles) => expect(rolesIn(text).sort()).toEqual([...roles].sort()));

  it('is what the title says, else instruments, tags, folder', () => {
    const of = (title: string, fields: Record<string, unknown>) =>
      rolesOf(hit({ sample_id: 1, title, fields }));
    expect(of('Kick 1', { tags: '["snare"]', folder: 'Snares' })).toEqual(['kick']);
    expect(of('Thing', { instruments: '["hi-hat"]', tags: '["snare"]' })).toEqual(['closed hat']);
    expect(of('Thing', { Tags: ['warm', 'snare'], folder: 'Kicks' })).toEqual(['snare']);
    expect(of('Thing', { folder: 'Drums/Kicks' })).toContain('kick');
    expect(of('Thing', { characteristics: 'a kick and a snare' })).toEqual([]);
  });

  it('is a loop or a one-shot', () => {
    const of = (more: Parameters<typeof hit>[0], bpm: number | null = 90) => isLoop(hit(more), bpm);
    expect(of({ sample_id: 1, fields: { kind: 'loop' }, title: 'Hit' })).toBe(true);
    expect(of({ sample_id: 1, fields: { kind: 'one-shot' }, title: 'Loop', duration: 9 })).toBe(false);
    expect(of({ sample_id: 1, title: 'Kick Loop' }, null)).toBe(true);
    expect(of({ sample_id: 1, title: 'Kick', duration: 0.4 })).toBe(false);
    expect(of({ sample_id: 1, title: 'Phrase', duration: 8 })).toBe(true);
    expect(of({ sample_id: 1, title: 'Phrase', duration: 8 }, null)).toBe(false);
  });
});
