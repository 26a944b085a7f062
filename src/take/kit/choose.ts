import { nearDuplicates, textKey } from '../../search/fold.js';
import type { PoolSample } from '../../search/role-pool.js';
import { seeded } from '../../seeded-random.js';
import { factsOf } from '../facts.js';
import type { Brief } from './brief.js';
import { type KeyFit, keyFit } from './harmony.js';
import { isLoop, isMelodic, ROLES, type Role, rolesOf } from './roles.js';
import { type TempoFit, tempoFit } from './tempo.js';

/** A sample with its properties for a kit. */
export interface Candidate extends PoolSample {
  /** The roles that its words name; may be empty. */
  roles: readonly Role[];
  loop: boolean;
  /** The tempo of a loop; null for a one-shot, or when unknown. */
  bpm: number | null;
  key: string | null;
}

/** The tempo and the key that all samples of a kit fit; null: undecided. */
export interface Anchor {
  bpm: number | null;
  key: string | null;
}

export interface Chosen {
  /** Its role in the kit; null when its words name none. */
  role: Role | null;
  /** The wanted role that it replaces, because nothing of that role fits. Null: it has the wanted role. */
  instead: Role | null;
  sample: Candidate;
  /** Null: its key does not matter. */
  keyFit: KeyFit | null;
  /** Null: it is a one-shot. */
  tempoFit: TempoFit | null;
}

/** The wanted roles, in this order. A kit with more pads repeats them with other samples. */
const WANTED: readonly Role[] = [
  ...(['kick', 'snare', 'closed hat', 'bass', 'chords', 'melody', 'clap', 'percussion'] as const),
  ...(['open hat', 'pad', 'vocal', 'fx', 'break', 'kick', 'snare', 'percussion'] as const),
];

/** The weight of chance, compared with the feel, which is scaled to 0–1 among the candidates. */
const CHANCE = 0.25;
const KEY_WORTH: Record<KeyFit, number> = {
  ...{ same: 0.15, relative: 0.12, 'fifth-above': 0.08, 'fifth-below': 0.08, unknown: 0 },
};
const TEMPO_WORTH: Record<TempoFit, number> = { same: 0.1, half: 0.05, double: 0.05, unknown: -0.1 };
const MOST_OF_FITS = Math.max(...Object.values(KEY_WORTH)) + Math.max(...Object.values(TEMPO_WORTH));
/** Penalties: for looped drums, which are wanted as single hits, and for samples with several roles. */
const LOOPED_DRUM = 0.3;
const MIXED = 0.2;

export const candidateOf = (sample: PoolSample): Candidate => {
  const { bpm, key } = factsOf(sample.hit);
  const loop = isLoop(sample.hit, bpm);
  return { ...sample, roles: rolesOf(sample.hit), loop, bpm: loop ? bpm : null, key };
};

export interface ChooseOptions {
  pads: number;
  seed: number;
  /** The range for scaling similarities. Default: the range of the candidates. */
  scale?: FeelScale;
}

export interface ChosenKit {
  chosen: Chosen[];
  anchor: Anchor;
  /** Wanted roles without enough fitting samples. Samples of other roles fill their pads, or the pads stay empty. */
  missing: Role[];
}

/** Chooses at most `pads` samples, in the order of ROLES; the same for the same candidates, brief and seed. */
export function chooseKit(
  candidates: readonly Candidate[],
  brief: Pick<Brief, 'bpm' | 'key'>,
  { pads, seed, scale = feelScale(candidates) }: ChooseOptions,
): ChosenKit {
  const worth = worthOf(candidates, seed, scale);
  const sorted = [...candidates].sort(
    (a, b) => (worth.get(b.number) ?? 0) - (worth.get(a.number) ?? 0) || a.number - b.number,
  );
  const anchor = anchorOf(sorted, brief);
  const chosen: Chosen[] = [];
  const best = (role: Role | null): Chosen | null => {
    let found: Chosen | null = null;
    let most = Number.NEGATIVE_INFINITY;
    for (const sample of sorted) {
      // The samples that follow are worth less, even with the best fits.
      if ((worth.get(sample.number) ?? 0) + MOST_OF_FITS <= most) break;
      if (role === null ? sample.roles.length > 0 : !sample.roles.includes(role)) continue;
      const fits = fitsOf(sample, role, anchor);
      if (fits === null) continue;
      const value = (worth.get(sample.number) ?? 0) + worthOfFits(sample, role, fits);
      if (value <= most || chosen.some((each) => isRepeat(each.sample, sample))) continue;
      [found, most] = [{ role, instead: null, sample, ...fits }, value];
    }
    return found;
  };
  const wanted = Array.from({ length: pads }, (_, at) => WANTED[at % WANTED.length] as Role);
  const missing: Role[] = [];
  for (const role of wanted) {
    const found = best(role);
    if (found === null) missing.push(role);
    else chosen.push(found);
  }
  for (const role of missing) {
    const found = firstOf(substitutes(role, chosen), best);
    if (found === null) break;
    chosen.push({ ...found, instead: has(chosen, role) ? null : role });
  }
  const place = (role: Role | null): number =>
    role === null ? ROLES.length : ROLES.findIndex((each) => each.role === role);
  return {
    chosen: chosen.sort((a, b) => place(a.role) - place(b.role)),
    ...{ anchor, missing: [...new Set(missing)] },
  };
}

const has = (chosen: readonly Chosen[], role: Role): boolean =>
  chosen.some((each) => each.role === role && each.instead === null);

/** Returns the other roles: the least chosen first, of these the same sort first. Then null: samples without a role. */
function substitutes(role: Role, chosen: readonly Chosen[]): (Role | null)[] {
  const count = (of: Role): number => chosen.filter((each) => each.role === of).length;
  const unlike = (of: Role): number => Number(isMelodic(of) !== isMelodic(role));
  const others = [...new Set(WANTED)].filter((each) => each !== role);
  return [...others.sort((a, b) => count(a) - count(b) || unlike(a) - unlike(b)), null];
}

function firstOf(roles: readonly (Role | null)[], best: (role: Role | null) => Chosen | null): Chosen | null {
  for (const role of roles) {
    const found = best(role);
    if (found !== null) return found;
  }
  return null;
}

/** The similarities that count as 0 and as 1. */
export interface FeelScale {
  low: number;
  high: number;
}

export function feelScale(candidates: readonly Candidate[]): FeelScale {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { hit } of candidates) {
    low = Math.min(low, hit.similarity ?? 0);
    high = Math.max(high, hit.similarity ?? 0);
  }
  return { low, high };
}

/** Returns each candidate's similarity to the feel plus chance, which depends on the seed and this sample only. */
function worthOf(
  candidates: readonly Candidate[],
  seed: number,
  { low, high }: FeelScale,
): Map<number, number> {
  const span = high - low || 1;
  return new Map(
    candidates.map(({ number, hit }) => {
      const mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul((number % 2 ** 32) | 0, 0xc2b2ae35);
      const feel = ((hit.similarity ?? 0) - low) / span;
      return [number, feel + CHANCE * seeded(mixed).next()];
    }),
  );
}

/** Returns the text's tempo and key. Defaults: tempo of the best loop with a role, key of the best melodic sample. */
function anchorOf(sorted: readonly Candidate[], { bpm, key }: Pick<Brief, 'bpm' | 'key'>): Anchor {
  const tonal = sorted.find((each) => each.roles.some(isMelodic) && keyFit(each.key, each.key) === 'same');
  const looped = sorted.find((each) => each.bpm !== null && each.roles.length > 0);
  return { bpm: bpm ?? looped?.bpm ?? null, key: key ?? tonal?.key ?? null };
}

type Fits = Pick<Chosen, 'keyFit' | 'tempoFit'>;

/** Returns how key and tempo fit the anchor; null when one of them does not. */
function fitsOf(sample: Candidate, role: Role | null, anchor: Anchor): Fits | null {
  // The key of a single drum is ignored: drums are tuned by ear. A loop with a key may hold more than drums.
  const tonal =
    role !== null && isMelodic(role) ? true : sample.key !== null && (sample.loop || role === null);
  const ofKey = tonal ? keyFit(anchor.key, sample.key) : null;
  const ofTempo = sample.loop ? tempoFit(anchor.bpm, sample.bpm) : null;
  if ((tonal && ofKey === null) || (sample.loop && ofTempo === null)) return null;
  return { keyFit: ofKey, tempoFit: ofTempo };
}

function worthOfFits({ loop, roles }: Candidate, role: Role | null, fits: Fits): number {
  const drum = role !== null && !isMelodic(role) && role !== 'break';
  return (
    (fits.keyFit === null ? 0 : KEY_WORTH[fits.keyFit]) +
    (fits.tempoFit === null ? 0 : TEMPO_WORTH[fits.tempoFit]) -
    (drum && loop ? LOOPED_DRUM : 0) -
    (roles.length > 1 ? MIXED : 0)
  );
}

const isRepeat = (a: Candidate, b: Candidate): boolean =>
  a.number === b.number ||
  (a.hit.path !== null && a.hit.path === b.hit.path) ||
  nearDuplicates(comparable(a), comparable(b), ({ of }) => keyOf(of));

const comparable = (of: Candidate) => ({ of, text: of.text, duration: of.hit.duration });

/** Cached, because a sample is compared with many. */
const keys = new WeakMap<Candidate, string | null>();

function keyOf(sample: Candidate): string | null {
  const known = keys.get(sample);
  if (known !== undefined) return known;
  const key = textKey(sample.text);
  keys.set(sample, key);
  return key;
}
