import { type Random, seeded } from '../../seeded-random.js';
import { hertz, type Key, noteOf, parseKey } from './key.js';
import { STYLES, type Style } from './styles.js';
import { addHit, addPart, addTone, hat, kick, type Mix, RATE, silence, snare } from './voices.js';

/** What the catalog says about a sample. */
export interface DemoSoundRow {
  id: number;
  bpm: number | null;
  musical_key: string | null;
  genre: string | null;
  mood: string | null;
  /** 0 to 1. */
  energy_level: number | null;
  /** Seconds. The sound is not longer, except for its first bar, and exactly as long if `demoLength` gave the value. */
  duration: number | null;
}

const MOST_SECONDS = 6;
/** Tolerance: a catalog's rounded length may be shorter than that of its bars, in seconds. */
const ROUNDED = 0.001;
const HEADER_BYTES = 44;
const FRAME_BYTES = 4;
const STEPS = 16;
const DARK = /dark|moody|melanchol|myster|tense|laid|warm|dreamy|nostalg/;

/**
 * Returns a loop of whole bars (one, two or four) in the row's tempo and key, in the style of its genre: a WAV of 16
 * bits, two channels and 44.1 kHz, of about six seconds at most. Equal rows give equal bytes.
 */
export function demoSound(row: DemoSoundRow): Uint8Array {
  const { random, style, bpm, frames } = loopOf(row);
  const mix = silence(frames);
  const energy = Math.min(1, Math.max(0, row.energy_level ?? 0.5));
  // More energy makes the notes brighter, and a dark mood makes them duller.
  const bright = 0.35 + 0.65 * energy - (DARK.test(row.mood ?? '') ? 0.15 : 0);
  const player = { mix, style, random, bpm, key: parseKey(row.musical_key) ?? keyOf(random), energy, bright };
  playDrums(player);
  playNotes(player);
  return toWav(mix);
}

type LoopRow = Pick<DemoSoundRow, 'id' | 'bpm' | 'genre' | 'duration'>;

/** Returns the length of a row's sound in seconds (three decimals) and its file size. The demo's catalog has both. */
export function demoLength(row: LoopRow): { seconds: number; bytes: number } {
  const { frames } = loopOf(row);
  return { seconds: Math.round((1000 * frames) / RATE) / 1000, bytes: HEADER_BYTES + FRAME_BYTES * frames };
}

/** Returns what a sound is made of. The caller goes on with the same `random`. */
function loopOf(row: LoopRow): { random: Random; style: Style; bpm: number; frames: number } {
  const random = seeded(row.id);
  const style = styleOf(row.genre) ?? random.pick(Object.values(STYLES));
  const bpm = row.bpm !== null && row.bpm >= 30 && row.bpm <= 300 ? row.bpm : style.bpm;
  return { random, style, bpm, frames: Math.round(barsOf(row, bpm) * framesOfBar(bpm)) };
}

interface Player {
  mix: Mix;
  style: Style;
  random: Random;
  bpm: number;
  key: Key;
  energy: number;
  bright: number;
}

const framesOfBar = (bpm: number): number => (RATE * 4 * 60) / bpm;
/** Undefined when it is none of the demo's genres. */
const styleOf = (genre: string | null): Style | undefined =>
  genre !== null && Object.hasOwn(STYLES, genre) ? STYLES[genre] : undefined;
const keyOf = (random: Random): Key => parseKey(random.pick(['Am', 'C', 'Dm', 'G'])) as Key;

function barsOf({ duration }: LoopRow, bpm: number): number {
  const seconds = Math.min(MOST_SECONDS, duration ?? MOST_SECONDS) + ROUNDED;
  const fit = seconds / (framesOfBar(bpm) / RATE);
  return fit >= 4 ? 4 : fit >= 2 ? 2 : 1;
}

interface Event {
  at: number;
  /** Frames until the next event. */
  length: number;
  level: number;
  /** Index in the loop. */
  place: number;
}

/** Returns the hits of a pattern over the whole loop. */
function eventsOf({ mix, style, bpm }: Player, pattern: string): Event[] {
  const step = framesOfBar(bpm) / STEPS;
  const starts: { at: number; level: number }[] = [];
  for (let place = 0; place < Math.round(mix.left.length / step); place++) {
    const sign = pattern[place % STEPS] as string;
    const at = (place + (place % 2 === 1 ? (style.swing ?? 0) : 0)) * step;
    const quick = sign === '.' ? 0 : Number.parseInt(sign, 10) || 1;
    for (let hit = 0; hit < quick; hit++)
      starts.push({
        at: Math.round(at + (hit * step) / quick),
        level: sign === 'o' ? 0.45 : quick > 1 ? 0.7 : 1,
      });
  }
  return starts.map((start, place) => {
    const next = starts[place + 1]?.at ?? (starts[0]?.at ?? 0) + mix.left.length;
    return { ...start, place, length: next - start.at };
  });
}

function playDrums(player: Player): void {
  const { mix, style, random, key, energy } = player;
  const loud = style.drums * (0.7 + 0.3 * energy);
  const low = kick(hertz(bassNote(key)));
  const drum = snare(random, 180 + 3 * key.root);
  const closed = hat(random, 0.02 + 0.03 * random.next());
  const human = () => 0.85 + 0.15 * random.next();
  for (const { at, level } of eventsOf(player, style.kick)) addHit(mix, low, at, 0.95 * loud * level);
  for (const { at, level } of eventsOf(player, style.snare))
    addHit(mix, drum, at, 0.5 * loud * level * human(), 0.55);
  for (const { at, level } of eventsOf(player, style.hat))
    addHit(mix, closed, at, 0.3 * loud * level * human(), 0.4);
}

/** Returns a MIDI note from E (41 Hz) to D sharp (78 Hz). */
const bassNote = ({ root }: Key): number => 28 + ((root + 8) % 12);

function playNotes(player: Player): void {
  const { mix, style, random, key, bright } = player;
  const low = hertz(bassNote(key));
  const basses = eventsOf(player, style.bass);
  for (const { at, length, level, place } of basses) {
    // Only the last note of the loop may differ from the root and lead to the next round.
    const isLeading = place === basses.length - 1 && place > 3 && random.chance(0.5);
    const frequency = isLeading ? low * 1.5 : low;
    const decay = style.voice === 'pad' ? 3 : 0.7;
    for (const [number, part] of [1, 0.45 * bright, 0.25 * bright, 0.1 * bright].entries())
      addTone(mix, {
        at,
        length,
        frequency: frequency * (number + 1),
        level: 0.42 * level * part,
        attack: 0.006,
        decay,
      });
  }
  playChords(player);
  const pentatonic = key.scale[2] === 3 ? [0, 2, 3, 4, 6, 7] : [0, 1, 2, 4, 5, 7];
  for (const { at, level } of eventsOf(player, style.lead)) {
    const frequency = hertz(noteOf(key, random.pick(pentatonic), 72 - (key.root > 6 ? 12 : 0)));
    const tone = { at, length: Math.round(0.4 * RATE), attack: 0.004, pan: 0.3 + 0.4 * random.next() };
    for (const [number, part] of [1, 0.3, 0.12 * bright].entries())
      addTone(mix, {
        ...tone,
        frequency: frequency * (number + 1),
        level: 0.13 * level * part,
        decay: 0.16 / (number + 1),
      });
  }
}

/** Levels of the partials; attack and decay of the tone in seconds. */
const VOICES: Record<Style['voice'], { partials: readonly number[]; attack: number; decay: number }> = {
  pluck: { partials: [1, 0.5, 0.3, 0.18, 0.1], attack: 0.004, decay: 0.22 },
  keys: { partials: [1, 0.22, 0.05, 0.12], attack: 0.006, decay: 0.9 },
  pad: { partials: [1, 0.4, 0.22], attack: 0.35, decay: 6 },
  organ: { partials: [1, 0.7, 0.35, 0.3], attack: 0.008, decay: 0.5 },
  guitar: { partials: [1, 0.8, 0.6, 0.45, 0.35, 0.25], attack: 0.006, decay: 1.2 },
};

/** Plays the chord of the key, and in the second half another chord that fits. Each chord is generated once. */
function playChords(player: Player): void {
  const { mix, style, random, key } = player;
  const events = eventsOf(player, style.chord);
  const second = random.pick(key.scale[2] === 3 ? [5, 3, 6] : [3, 5, 4]);
  const halves = [
    { step: 0, of: events.filter(({ at }) => at < mix.left.length / 2) },
    { step: second, of: events.filter(({ at }) => at >= mix.left.length / 2) },
  ];
  // Held chords overlap.
  const over = Math.round(VOICES[style.voice].attack * RATE);
  for (const { step, of } of halves) {
    const chord = chordOf(player, step, Math.max(0, ...of.map(({ length }) => length)) + over);
    for (const { at, length, level } of of) addPart(mix, chord, at, length + over, level);
  }
}

function chordOf({ style, key, bright }: Player, step: number, length: number): Mix {
  const { partials, attack, decay } = VOICES[style.voice];
  const chord = silence(length);
  // A strongly distorted guitar plays root, fifth and octave only.
  const steps = style.voice === 'guitar' ? [0, 4, 7] : style.seventh ? [0, 2, 4, 6] : [0, 2, 4];
  for (const [place, above] of steps.entries()) {
    // In the octave around middle C in every key.
    const note = noteOf(key, step + above, 48);
    const frequency = hertz(note > 71 ? note - 12 : note);
    for (const [number, part] of partials.entries()) {
      const tone = {
        ...{ at: 0, length, attack, frequency: frequency * (number + 1), decay: decay / (1 + 0.3 * number) },
        level: (0.12 * part * (number === 0 ? 1 : bright)) / Math.sqrt(steps.length / 3),
      };
      // Two slightly detuned voices sound wide.
      if (style.voice === 'pad' && number === 0)
        for (const [pan, tuned] of [
          [0.15, 0.9985],
          [0.85, 1.0015],
        ] as const)
          addTone(chord, { ...tone, pan, frequency: tone.frequency * tuned });
      else addTone(chord, { ...tone, pan: 0.3 + 0.13 * place });
    }
  }
  return chord;
}

/** Common loudness of all sounds, as root mean square, before loud samples are rounded off. */
const LOUDNESS = 0.17;

function toWav({ left, right }: Mix): Uint8Array {
  let sum = 0;
  for (let n = 0; n < left.length; n++) sum += (left[n] as number) ** 2 + (right[n] as number) ** 2;
  const gain = LOUDNESS / Math.max(1e-6, Math.sqrt(sum / (2 * left.length)));
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + 4 * left.length, 4);
  header.write('WAVEfmt ', 8);
  const fields = [16, 0x2_0001, RATE, 4 * RATE, 0x10_0004];
  for (const [place, value] of fields.entries()) header.writeUInt32LE(value, 16 + 4 * place);
  header.write('data', 36);
  header.writeUInt32LE(4 * left.length, 40);
  const samples = Buffer.alloc(FRAME_BYTES * left.length);
  for (let n = 0; n < left.length; n++) {
    const one = Math.round(31_000 * rounded(gain * (left[n] as number)));
    const other = Math.round(31_000 * rounded(gain * (right[n] as number)));
    samples[4 * n] = one & 255;
    samples[4 * n + 1] = (one >> 8) & 255;
    samples[4 * n + 2] = other & 255;
    samples[4 * n + 3] = (other >> 8) & 255;
  }
  return Buffer.concat([header, samples]);
}

/** Soft clipping, close to tanh: quiet values stay, loud ones approach 1 and never exceed it. */
function rounded(value: number): number {
  const within = Math.max(-3, Math.min(3, value));
  const square = within * within;
  return (within * (27 + square)) / (27 + 9 * square);
}
