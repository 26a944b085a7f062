import type { Random } from '../../seeded-random.js';

export const RATE = 44_100;

/** Two channels of a loop: a sound that reaches its end continues at its beginning. */
export interface Mix {
  left: Float32Array;
  right: Float32Array;
}

export const silence = (frames: number): Mix => ({
  left: new Float32Array(frames),
  right: new Float32Array(frames),
});

export interface Tone {
  /** Frames from the loop's beginning. */
  at: number;
  /** Frames. */
  length: number;
  /** Hertz. */
  frequency: number;
  level: number;
  /** Seconds until full level. */
  attack: number;
  /** Seconds until a third of the level is left. */
  decay: number;
  /** 0 left, 1 right. Default: 0.5. */
  pan?: number;
}

const RELEASE = 0.012 * RATE;
/** Below this level a tone is inaudible. */
const SILENT = 0.002;

/** Adds a decaying sine. Each value is computed from the two before it, which is much faster than Math.sin. */
export function addTone({ left, right }: Mix, { pan = 0.5, ...tone }: Tone): void {
  const { at, length, frequency, level } = tone;
  if (frequency > RATE / 2.5) return;
  const turn = (2 * Math.PI * frequency) / RATE;
  const factor = 2 * Math.cos(turn);
  const fade = Math.exp(-1 / (tone.decay * RATE));
  const rise = 1 / Math.max(1, tone.attack * RATE);
  const [toLeft, toRight] = [level * Math.cos((pan * Math.PI) / 2), level * Math.sin((pan * Math.PI) / 2)];
  // Each note starts at the phase that the last one of its pitch would have now, so that quick repeats keep the pitch.
  let value = Math.sin(turn * at);
  let before = Math.sin(turn * (at - 1));
  let loud = 1;
  let begun = 0;
  for (let n = 0, place = at % left.length; n < length && loud > SILENT; n++) {
    let now = value * loud;
    if (begun < 1) {
      now *= begun;
      begun += rise;
    }
    if (length - n < RELEASE) now *= (length - n) / RELEASE;
    left[place] = (left[place] as number) + now * toLeft;
    right[place] = (right[place] as number) + now * toRight;
    if (++place === left.length) place = 0;
    const next = factor * value - before;
    before = value;
    value = next;
    loud *= fade;
  }
}

/** Adds a part made before. `length`: how many of its frames; the last ones fade out. */
export function addPart({ left, right }: Mix, part: Mix, at: number, length: number, level: number): void {
  const frames = Math.min(length, part.left.length);
  for (let n = 0, place = at % left.length; n < frames; n++) {
    const now = frames - n < RELEASE ? (level * (frames - n)) / RELEASE : level;
    left[place] = (left[place] as number) + now * (part.left[n] as number);
    right[place] = (right[place] as number) + now * (part.right[n] as number);
    if (++place === left.length) place = 0;
  }
}

/** Adds a drum hit, which has one channel. */
export function addHit({ left, right }: Mix, hit: Float32Array, at: number, level: number, pan = 0.5): void {
  const [toLeft, toRight] = [level * Math.cos((pan * Math.PI) / 2), level * Math.sin((pan * Math.PI) / 2)];
  for (let n = 0, place = at % left.length; n < hit.length; n++) {
    const now = hit[n] as number;
    left[place] = (left[place] as number) + now * toLeft;
    right[place] = (right[place] as number) + now * toRight;
    if (++place === left.length) place = 0;
  }
}

/** Returns a sine that falls quickly to `frequency`, so that the drum is in the key. */
export function kick(frequency: number): Float32Array {
  let phase = 0;
  return shaped(0.32, (time) => {
    phase += (2 * Math.PI * frequency * (1 + 4 * Math.exp(-time / 0.022))) / RATE;
    return Math.sin(phase) * Math.exp(-time / 0.11);
  });
}

/** Returns noise without its low part, over a short tone. */
export function snare(random: Random, tone: number): Float32Array {
  let low = 0;
  return shaped(0.2, (time) => {
    const noise = 2 * random.next() - 1;
    low += 0.12 * (noise - low);
    const body = Math.sin(2 * Math.PI * tone * time) * Math.exp(-time / 0.035);
    return 0.65 * (noise - low) * Math.exp(-time / 0.055) + 0.5 * body;
  });
}

/** Returns noise with only its highest part. */
export function hat(random: Random, decay: number): Float32Array {
  let first = 0;
  let second = 0;
  return shaped(decay * 5, (time) => {
    const noise = 2 * random.next() - 1;
    first += 0.6 * (noise - first);
    const high = noise - first;
    second += 0.6 * (high - second);
    return (high - second) * Math.exp(-time / decay);
  });
}

/** Samples `at`, the value at a time in seconds. The last hundredth of a second fades out, to avoid a click. */
function shaped(seconds: number, at: (time: number) => number): Float32Array {
  const hit = new Float32Array(Math.round(seconds * RATE));
  for (let n = 0; n < hit.length; n++)
    hit[n] = at(n / RATE) * Math.min(1, n / 20, (hit.length - n) / (0.01 * RATE));
  return hit;
}
