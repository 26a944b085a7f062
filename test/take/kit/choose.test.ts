import { describe, expect, it } from 'vitest';
import type { SampleHit } from '../../../src/search/sample-hit.js';
import { candidateOf, chooseKit } from '../../../src/take/kit/choose.js';
import { isMelodic } from '../../../src/take/kit/roles.js';
import { hit } from '../samples.js';

let next = 0;
const sample = (title: string, more: Partial<Omit<SampleHit, 'sample_id'>> = {}) => {
  next += 1;
  const duration = more.duration ?? 0.2 + next;
  return candidateOf({
    number: next,
    hit: hit({ sample_id: next, title, similarity: 0.5, ...more, duration }),
    text: `Title: ${title}`,
  });
};
const loop = (
  title: string,
  bpm: number | null,
  key: string | null,
  more: Partial<Omit<SampleHit, 'sample_id'>> = {},
) => sample(`${title} Loop`, { bpm, key, ...more });

const LIBRARY = [
  ...['Deep', 'Hard', 'Dusty', 'Round'].flatMap((word) => [
    ...['Kick', 'Snare', 'Clap', 'Closed Hat', 'Open Hat', 'Shaker', 'Riser'].map((what) =>
      sample(`${word} ${what}`),
    ),
    ...['Am', 'C', 'Em', 'Dm', 'G#m', 'F#'].flatMap((key) =>
      ['Bass', 'Chords', 'Lead', 'Pad', 'Vocal'].flatMap((what) =>
        [90, 45, 180, 120].map((bpm) => loop(`${word} ${what} ${key}`, bpm, key)),
      ),
    ),
    loop(`${word} Drum`, 91, null),
  ]),
];
const brief = { bpm: 90, key: 'Am' };
const kit = (
  more: Partial<{ pads: number; seed: number }> = {},
  of = LIBRARY,
  asked: Parameters<typeof chooseKit>[1] = brief,
) => chooseKit(of, asked, { pads: 16, seed: 1, ...more }).chosen;

describe('a kit', () => {
  it('fills every pad with what it really is', () => {
    const chosen = kit();
    expect(chosen.map(({ role }) => role)).toEqual([
      ...['kick', 'kick', 'snare', 'snare', 'clap', 'closed hat', 'open hat', 'percussion', 'percussion'],
      ...['break', 'bass', 'chords', 'melody', 'pad', 'vocal', 'fx'],
    ]);
    for (const { role, sample, instead } of chosen) {
      expect(sample.roles).toContain(role);
      expect(instead).toBeNull();
    }
  });

  it.each([1, 2, 3, 4, 5])('goes together in key and tempo, and repeats nothing (seed %s)', (seed) => {
    const chosen = kit({ seed });
    for (const { role, sample, keyFit, tempoFit } of chosen) {
      if (role !== null && isMelodic(role)) expect(['Am', 'C', 'Em', 'Dm']).toContain(sample.key);
      if (sample.loop) expect([90, 45, 180, 91]).toContain(sample.bpm);
      expect(keyFit === null).toBe(role === null || !isMelodic(role));
      expect(tempoFit === null).toBe(!sample.loop);
    }
    expect(new Set(chosen.map(({ sample }) => sample.number)).size).toBe(chosen.length);
  });

  it('is the same for the same seed, whatever the order of the library, and another for another', () => {
    const numbers = (chosen: ReturnType<typeof kit>) => chosen.map(({ sample }) => sample.number);
    expect(numbers(kit({ seed: 7 }, [...LIBRARY].reverse()))).toEqual(numbers(kit({ seed: 7 })));
    expect(numbers(kit({ seed: 8 }))).not.toEqual(numbers(kit({ seed: 7 })));
  });

  it.each([1, 2, 5, 40, 128])('has at most %s pads', (pads) =>
    expect(kit({ pads }).length).toBeLessThanOrEqual(pads),
  );

  it('says what stands in for what is not there', () => {
    const chosen = kit({ pads: 3 }, [
      sample('Deep Kick'),
      sample('Hard Kick'),
      loop('Warm Chords', 90, 'Am'),
    ]);
    expect(chosen.map(({ role, instead }) => [role, instead])).toEqual([
      ['kick', null],
      ['kick', 'closed hat'],
      ['chords', 'snare'],
    ]);
  });

  it('takes nothing in a key or a tempo that does not fit, rather fewer pads', () => {
    const chosen = kit({ pads: 4 }, [
      sample('Deep Kick'),
      loop('Wrong Bass', 90, 'G#m'),
      loop('Wrong Lead', 120, 'Am'),
    ]);
    expect(chosen.map(({ sample }) => sample.hit.title)).toEqual(['Deep Kick']);
  });

  it('takes no near-duplicate, and no file twice', () => {
    const same = { duration: 1 };
    const chosen = kit({ pads: 4 }, [
      ...[sample('Deep Kick 1', same), sample('Deep Kick 2', same)],
      ...[sample('Snare A', { path: '/s.wav' }), sample('Snare B', { path: '/s.wav' })],
    ]);
    expect(chosen).toHaveLength(2);
  });

  it('without tempo or key in the text goes with its best sample', () => {
    const of = [
      loop('Warm Chords', 100, 'Fm', { similarity: 0.99 }),
      ...[loop('Bass', 100, 'Fm'), loop('Lead', 90, 'Am'), loop('Pad', 50, 'Ab')],
    ];
    const { anchor, chosen } = chooseKit(of, { bpm: null, key: null }, { pads: 4, seed: 1 });
    expect(anchor).toEqual({ bpm: 100, key: 'Fm' });
    expect(chosen.map(({ sample }) => sample.key)).toEqual(['Fm', 'Fm', 'Ab']);
  });

  it('prefers the feel', () => {
    const of = Array.from({ length: 30 }, (_, at) =>
      sample(`Kick ${'x'.repeat(at + 1)}`, { similarity: at / 30 }),
    );
    for (const seed of [1, 2, 3])
      expect(kit({ pads: 1, seed }, of)[0]?.sample.hit.similarity).toBeGreaterThan(0.6);
  });

  it('of nothing is empty', () => expect(kit({}, [])).toEqual([]));
});
