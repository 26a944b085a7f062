import { type Random, seeded } from '../../seeded-random.js';
import { demoLength } from '../demo-sounds/index.js';
import { GENRES, type Genre } from './genres.js';
import { MOODS, type MoodName } from './moods.js';
import { describeSound, type Sound } from './prose.js';

export interface DemoOptions {
  /** How many samples; default 2,437, the size of the library that the first script was written for. */
  samples?: number;
  /** The same seed gives the same rows; default 1. */
  seed?: number;
}

type Value = string | number | null;
/** Rows as they are inserted, keyed by column; JSON columns are text. `analysis` is null for one sample in sixteen. */
export interface DemoSample {
  sample: { id: number; title: string } & Record<string, Value>;
  analysis: ({ id: number; sample_id: number } & Record<string, Value>) | null;
}

const TONICS = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];
const UNICODE_TITLES = [
  '夜の雨',
  'Über Nacht',
  'Café Noir ☕',
  'Señorita',
  'مطر خفيف',
  'Снег',
  'Été 🎷',
  '서울의 밤',
];
const KINDS = ['Loop', 'Beat', 'Break', 'Chords', 'Melody', 'Phrase', 'Groove', 'Pad'];
const EPOCH = Date.UTC(2025, 0, 1);

/**
 * Generates realistic samples one by one, so that a million take no memory. Ids ascend from 1 with gaps. As in a real
 * library, some samples repeat another's text, lack fields or have no analysis.
 */
export function* demoSamples({ samples = 2437, seed = 1 }: DemoOptions = {}): Generator<DemoSample> {
  const random = seeded(seed);
  let id = 0;
  let previous: DemoSample | undefined;
  for (let made = 0; made < samples; made++) {
    id += random.chance(0.02) ? random.integer(2, 6) : 1;
    // The same upload twice: identical text under another id.
    const twin = previous && random.chance(0.006) ? previous : undefined;
    const row: DemoSample = twin
      ? { sample: { ...twin.sample, id }, analysis: twin.analysis && { ...twin.analysis, id, sample_id: id } }
      : fresh(random, id);
    previous = row;
    yield row;
  }
}

function fresh(random: Random, id: number): DemoSample {
  const genre = random.pick(GENRES);
  const [first, second] = random.some(genre.moods, 2) as [MoodName, MoodName];
  const minor = random.chance(genre.minor);
  const tonic = random.pick(TONICS);
  const bpm =
    random.integer(genre.bpm[0], genre.bpm[1]) +
    (random.chance(0.25) ? random.pick([0.5, 0.02, 0.98, 0.25]) : 0);
  const [low, high] = genre.energy;
  const sound: Sound = {
    genre,
    moods: [first, second],
    bpm,
    key: `${tonic} ${minor ? 'minor' : 'major'}`,
    energy: Math.round((low + (high - low) * random.next()) * 1000) / 1000,
    textures: random.some(genre.textures, random.integer(3, 5)),
  };
  const time = EPOCH + id * 61_000;
  const confidence = () => random.integer(600, 990) / 1000;
  const sample = {
    id,
    user_id: random.integer(1, 40),
    title: titleOf(random, genre, first),
    file_path: `samples/${genre.name.replaceAll(/\W+/g, '-')}/${id}.wav`,
    // Overwritten below, but still drawn, so that the random values after it stay the same.
    file_size: random.integer(200_000, 9_000_000),
    duration: random.integer(200, 3200) / 100,
    genre: random.chance(0.015) ? null : genre.name,
    genre_confidence: confidence(),
    bpm: random.chance(0.02) ? random.pick([null, 0]) : bpm,
    bpm_confidence: confidence(),
    musical_key: random.chance(0.03) ? null : `${tonic}${minor ? 'm' : ''}`,
    key_confidence: confidence(),
    tags: random.chance(0.04) ? random.pick([null, '[]']) : JSON.stringify(tagsOf(random, sound)),
    extra_metadata: JSON.stringify({ source: random.pick(['upload', 'import', 'recording']), channels: 2 }),
    analysis_metadata: null,
    created_at: stamp(time),
    analyzed_at: stamp(time + 45_000),
    last_accessed_at: random.chance(0.5) ? null : stamp(time + 86_400_000),
  };
  // The sound is a loop of whole bars, in the genre that the sample's folder names.
  const { seconds, bytes } = demoLength({ ...sample, genre: genre.name });
  return {
    sample: { ...sample, file_size: bytes, duration: seconds },
    analysis: random.chance(1 / 16) ? null : analysisOf(random, id, sound, time),
  };
}

function analysisOf(random: Random, id: number, sound: Sound, time: number): DemoSample['analysis'] {
  const { energy, moods, textures, genre } = sound;
  const share = () => random.integer(0, 1000) / 1000;
  return {
    id,
    sample_id: id,
    mood_primary: moods[0],
    mood_secondary: random.chance(0.08) ? null : moods[1],
    energy_level: random.chance(0.02) ? null : energy,
    danceability: share(),
    acousticness: share(),
    instrumentalness: share(),
    texture_tags: random.chance(0.03) ? null : JSON.stringify(textures),
    characteristics: random.chance(0.02)
      ? '{}'
      : JSON.stringify({ raw_analysis: describeSound(random, sound), best_use: random.pick(genre.uses) }),
    model_version: 'vibe-2.1',
    confidence_score: random.integer(550, 990) / 1000,
    analyzed_at: stamp(time + 60_000),
  };
}

function titleOf(random: Random, genre: Genre, mood: MoodName): string {
  const number = String(random.integer(1, 24)).padStart(2, '0');
  if (random.chance(0.012)) return `${random.pick(UNICODE_TITLES)} ${number}`;
  return `${random.pick(MOODS[mood].titles)} ${random.pick(genre.nouns)} ${random.pick(KINDS)} ${number}`;
}

const tagsOf = (random: Random, { genre, moods, bpm }: Sound): string[] => [
  ...random.some(genre.tags, random.integer(3, 5)),
  moods[0],
  `${Math.round(bpm)} bpm`,
  random.pick(['royalty free', 'one shot', 'seamless loop', '24 bit', 'stem']),
];

/** Formats a time as SQLAlchemy writes a DateTime into SQLite. */
const stamp = (time: number): string => new Date(time).toISOString().replace('T', ' ').replace('Z', '000');
