import type { SampleHit } from '../../search/sample-hit.js';

/** The role of a sample in a kit. */
export type Role =
  | 'kick'
  | 'snare'
  | 'clap'
  | 'closed hat'
  | 'open hat'
  | 'percussion'
  | 'break'
  | 'bass'
  | 'chords'
  | 'melody'
  | 'pad'
  | 'vocal'
  | 'fx';

/** In the order of the pads. `spelled`: in lower case, with blanks between words. `melodic`: its key matters. */
export const ROLES: readonly { role: Role; melodic: boolean; spelled: readonly string[] }[] = [
  { role: 'kick', melodic: false, spelled: list('kick, kicks, kik, bd, bass drum, bassdrum, kick drum') },
  {
    role: 'snare',
    melodic: false,
    spelled: list('snare, snares, snr, sd, snare drum, rimshot, rim, rim shot'),
  },
  {
    role: 'clap',
    melodic: false,
    spelled: list('clap, claps, cp, handclap, hand clap, snap, snaps, finger snap'),
  },
  {
    role: 'closed hat',
    melodic: false,
    spelled: list(
      'hat, hats, hihat, hihats, hi hat, hi hats, hh, hhat, chh, closedhat, closed hat, closed hats',
    ),
  },
  {
    role: 'open hat',
    melodic: false,
    spelled: list(
      'open hat, open hats, open hihat, open hi hat, openhat, ohh, openhh, hat open, hihat open, hi hat open',
    ),
  },
  {
    role: 'percussion',
    melodic: false,
    spelled: list(
      'perc, percs, percussion, shaker, shakers, tambourine, conga, congas, bongo, bongos, tom, toms, cowbell, woodblock, ' +
        'clave, claves, tabla, djembe, triangle, guiro, cymbal, cymbals, crash, ride, maracas, cabasa, timbale, agogo',
    ),
  },
  {
    role: 'break',
    melodic: false,
    spelled: list(
      'break, breaks, breakbeat, drum loop, drum loops, drumloop, drum, drums, beat, beats, top loop, toploop, groove, amen',
    ),
  },
  {
    role: 'bass',
    melodic: true,
    spelled: list('bass, basses, bassline, 808, 808s, sub, sub bass, reese, bass guitar, bass line'),
  },
  {
    role: 'chords',
    melodic: true,
    spelled: list(
      'chord, chords, keys, keyboard, piano, pianos, rhodes, epiano, wurli, wurlitzer, organ, stab, stabs, guitar, guitars, clav',
    ),
  },
  {
    role: 'melody',
    melodic: true,
    spelled: list(
      'melody, melodies, melodic, lead, leads, pluck, plucks, arp, arps, arpeggio, bell, bells, flute, synth, sax, saxophone, ' +
        'trumpet, brass, violin, cello, mallet, marimba, kalimba, vibraphone, phrase, riff, hook, topline',
    ),
  },
  {
    role: 'pad',
    melodic: true,
    spelled: list(
      'pad, pads, drone, drones, atmosphere, atmospheres, atmos, ambience, soundscape, strings, texture, textures',
    ),
  },
  {
    role: 'vocal',
    melodic: true,
    spelled: list('vocal, vocals, vox, voice, voices, acapella, adlib, adlibs, choir, chant'),
  },
  {
    role: 'fx',
    melodic: false,
    spelled: list(
      'fx, sfx, effect, effects, riser, risers, downlifter, uplifter, impact, impacts, sweep, sweeps, whoosh, noise, foley, ' +
        'crackle, vinyl, scratch, scratches, transition',
    ),
  },
];

function list(text: string): string[] {
  return text.split(', ');
}

const BY_SPELLING = new Map(
  ROLES.flatMap(({ role, spelled }) => spelled.map((each) => [each, role] as const)),
);
const LONGEST = 3;
const MELODIC = new Set(ROLES.filter(({ melodic }) => melodic).map(({ role }) => role));

export const isMelodic = (role: Role): boolean => MELODIC.has(role);

/** Names of catalog columns that say what a sample is, the most reliable first. The title comes before them. */
const TELLING = [
  ['instruments', 'instrument'],
  ['sample_type', 'type', 'category', 'categories', 'kind'],
  ['tags', 'sample_tags'],
  ['folder', 'file'],
];

/** Returns the roles that a sample's words name, from the first source that names one. Empty: none does. */
export function rolesOf({ title, fields = {} }: SampleHit): Role[] {
  const byName = new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
  const sources = [title, ...TELLING.map((names) => names.map((name) => byName.get(name)))];
  for (const source of sources) {
    const roles = rolesIn(textOf(source));
    if (roles.length > 0) return roles;
  }
  return [];
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);

/** Returns the roles that a text names. "No Kick" has none, "Bass Drum" is no bass: the longest spelling counts. */
export function rolesIn(text: string): Role[] {
  const words: readonly string[] =
    text
      .normalize('NFKC')
      .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
      .toLowerCase()
      .match(/[\p{L}\p{M}]+|\p{N}+s?/gu) ?? [];
  const found = new Set<Role>();
  for (let at = 0; at < words.length; ) {
    let length = LONGEST;
    let role: Role | undefined;
    for (; length > 0 && role === undefined; length -= 1)
      role = BY_SPELLING.get(words.slice(at, at + length).join(' '));
    const denied = at > 0 && /^(?:no|without)$/.test(words[at - 1] as string);
    if (role !== undefined && !denied) found.add(role);
    at += role === undefined ? 1 : length + 1;
  }
  if (found.delete('closed hat')) found.add(words.includes('open') ? 'open hat' : 'closed hat');
  // "Vinyl Kick", "Synth Bass": a word for how it sounds does not count beside a word for what it is.
  for (const [vague, role] of VAGUE) if (found.size > 1 && words.includes(vague)) found.delete(role);
  return [...found];
}

const VAGUE: readonly (readonly [string, Role])[] = [
  ['vinyl', 'fx'],
  ['noise', 'fx'],
  ['synth', 'melody'],
  ['drum', 'break'],
  ['drums', 'break'],
  ['texture', 'pad'],
];

const LOOP = /(?<!\p{L})(?:loops?|lp|looped|breaks?|beats?|grooves?|breakbeats?)(?!\p{L})/iu;
const ONE_SHOT = /(?<!\p{L})(?:one[ _-]?shots?|shots?|hits?|stabs?)(?!\p{L})/iu;
/** Seconds. Shorter sounds are no loops. */
const LOOP_SECONDS = 2;

/** Returns whether a sample is a loop. Only loops have a tempo: a one-shot has none, whatever its catalog says. */
export function isLoop({ title, duration, fields = {} }: SampleHit, bpm: number | null): boolean {
  const said = ['kind', 'sample_type', 'type'].map((name) => textOf(fields[name])).join(' ');
  for (const text of [said, title ?? '', textOf(fields.tags)]) {
    if (ONE_SHOT.test(text) !== LOOP.test(text)) return LOOP.test(text);
  }
  return duration === null ? bpm !== null : duration >= LOOP_SECONDS && bpm !== null;
}
