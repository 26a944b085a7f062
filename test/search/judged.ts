import { seeded } from '../../src/seeded-random.js';

/** What a word means, and the words that mean the same; texts hold the first, paraphrases the others. */
type Concept = readonly [word: string, ...others: string[]];

export interface Vocabulary {
  genres: readonly Concept[];
  moods: readonly Concept[];
  instruments: readonly Concept[];
}

export interface JudgedQuery {
  text: string;
  vector: Float32Array;
  /** Gain of each sample that fits: 2 for all that was asked for, 1 for half of it. */
  gains: Map<number, number>;
}

export interface JudgedSet {
  samples: { id: number; text: string; vector: Float32Array }[];
  /** In the words of the texts. */
  words: JudgedQuery[];
  /** In other words, none of which a fitting text holds; titles hold some of them by chance. */
  paraphrases: JudgedQuery[];
}

export const DIMENSIONS = 384;

/** Normal noise, so strong that vectors alone rank poorly, as a small model does on texts that are lists of words. */
const NOISE = 6;

/**
 * A catalog with judged queries and a small model of its own: a text's vector is the sum of what its words mean, and
 * much noise. `phrase` puts a query into words.
 */
export function judgedSet(
  { genres, moods, instruments }: Vocabulary,
  {
    seed,
    samples = 2000,
    queries = 40,
    phrase,
  }: {
    seed: number;
    samples?: number;
    queries?: number;
    phrase: (mood: string, genre: string) => string;
  },
): JudgedSet {
  const random = seeded(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.integer(0, 999_999) / 1_000_000)) *
    Math.cos((2 * Math.PI * random.integer(0, 999_999)) / 1_000_000);
  const direction = (): Float32Array => Float32Array.from({ length: DIMENSIONS }, normal);
  const all = [...genres, ...moods, ...instruments];
  const meaning = new Map(all.map((concept) => [concept, direction()]));
  const vectorOf = (concepts: readonly Concept[], noise: number): Float32Array => {
    const sum = direction().map((value) => value * noise);
    for (const concept of concepts)
      for (const [index, value] of (meaning.get(concept) as Float32Array).entries())
        sum[index] = (sum[index] ?? 0) + value;
    return sum;
  };
  const others = all.flatMap(([, ...words]) => words);
  const made = Array.from({ length: samples }, (_, index) => {
    const genre = random.pick(genres);
    const [mood, second] = random.some(moods, 2) as [Concept, Concept];
    const tags = random.some(instruments, 3);
    // A title is a name: it may hold any word.
    const title = `${random.pick(others)} ${random.pick(['Night', 'River', 'Station', 'Avenue', 'Tower'])} ${index}`;
    const text = [
      `Title: ${title}`,
      `Genre: ${genre[0]}`,
      `BPM: ${random.integer(70, 170)}`,
      `Mood: ${mood[0]}, ${second[0]}`,
      `Tags: ${tags.map(([word]) => word).join(', ')}`,
    ].join('\n');
    return {
      id: index + 1,
      text,
      genre,
      moods: [mood, second],
      vector: vectorOf([genre, mood, second, ...tags], NOISE),
    };
  });
  const query = (say: (concept: Concept) => string): JudgedQuery => {
    const genre = random.pick(genres);
    const mood = random.pick(moods);
    const gains = new Map<number, number>();
    for (const sample of made) {
      const gain = Number(sample.genre === genre) + Number(sample.moods.includes(mood));
      if (gain > 0) gains.set(sample.id, gain);
    }
    return { text: phrase(say(mood), say(genre)), vector: vectorOf([genre, mood], NOISE), gains };
  };
  const times = <T>(make: () => T): T[] => Array.from({ length: queries }, make);
  return {
    samples: made.map(({ id, text, vector }) => ({ id, text, vector })),
    words: times(() => query(([word]) => word)),
    paraphrases: times(() => query(([, ...words]) => random.pick(words))),
  };
}

/** Of a ranking's first ten: 1 where they are the best ten in the best order. */
export function ndcg(ranking: readonly number[], gains: ReadonlyMap<number, number>): number {
  const dcg = (values: number[]): number =>
    values.slice(0, 10).reduce((sum, gain, index) => sum + (2 ** gain - 1) / Math.log2(index + 2), 0);
  const best = dcg([...gains.values()].sort((a, b) => b - a));
  return best === 0 ? 0 : dcg(ranking.map((id) => gains.get(id) ?? 0)) / best;
}
