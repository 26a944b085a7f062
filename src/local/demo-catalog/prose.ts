import type { Random } from '../../seeded-random.js';
import type { Genre } from './genres.js';
import { MOODS, type MoodName } from './moods.js';

export interface Sound {
  genre: Genre;
  moods: readonly [MoodName, MoodName];
  bpm: number;
  key: string;
  energy: number;
  textures: readonly string[];
}

/** Chosen so that whole source texts have about 325 tokens, as in the real library. */
const WORDS = { enough: 206, atMost: 220 };

const tempo = (bpm: number): string =>
  bpm < 75 ? 'slow' : bpm < 100 ? 'unhurried' : bpm < 125 ? 'steady' : bpm < 150 ? 'quick' : 'very fast';
const power = (energy: number): string =>
  energy < 0.25 ? 'very low' : energy < 0.45 ? 'restrained' : energy < 0.7 ? 'moderate' : 'high';
const article = (word: string): string => (/^[aeiou]/i.test(word) ? `an ${word}` : `a ${word}`);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Returns an analysis in the style of a listening model: 150 to 220 words that agree with the sample's fields. */
export function describeSound(random: Random, sound: Sound): string {
  const sentences = [opening(random, sound)];
  let words = wordsOf(sentences[0] ?? '');
  const rest = details(random, sound);
  const close = closing(random, sound);
  words += wordsOf(close);
  for (const sentence of rest) {
    if (words >= WORDS.enough) break;
    const more = wordsOf(sentence);
    if (words + more > WORDS.atMost) continue;
    sentences.push(sentence);
    words += more;
  }
  return [...sentences, close].join(' ');
}

const wordsOf = (text: string): number => text.split(' ').length;

function opening(random: Random, { genre, moods: [first, second], bpm, key }: Sound): string {
  const adjective = random.pick(MOODS[first].adjectives);
  const kind = random.pick(['loop', 'sample', 'phrase', 'piece']);
  return random.pick([
    `This is ${article(first)}, ${second} ${genre.name} ${kind} with ${article(adjective)} character, moving at ${article(tempo(bpm))} ${Math.round(bpm)} BPM in ${key}.`,
    `${capital(article(adjective))} ${genre.name} ${kind} in ${key}: ${first} at heart, ${second} around the edges, and set at ${article(tempo(bpm))} ${Math.round(bpm)} BPM.`,
    `The overall vibe is ${first} and ${second}, ${article(adjective)} ${genre.name} ${kind} that sits at ${Math.round(bpm)} BPM in ${key}.`,
  ]);
}

function details(random: Random, sound: Sound): string[] {
  const { genre, moods, energy, textures } = sound;
  const [first, second] = moods.map((name) => MOODS[name]) as [
    (typeof MOODS)[MoodName],
    (typeof MOODS)[MoodName],
  ];
  const [lead = '', support = '', extra = ''] = random.some(genre.instruments, 3);
  const [beat = '', fill = ''] = random.some(genre.drums, 2);
  const [image = '', otherImage = ''] = [random.pick(first.images), random.pick(second.images)];
  const texture = textures.length > 0 ? textures.join(', ') : 'plain';
  const fixed = [
    `${capital(lead)} carries the main idea while ${support} fills the space underneath, and ${extra} enters now and then to answer it.`,
    `Rhythmically it leans on ${beat}, with ${fill} giving the ends of the bars ${random.pick(['a little lift', 'some movement', 'a clear shape'])}.`,
    `The texture is ${texture}, which gives the recording ${article(random.pick(first.adjectives))} surface and ${article(random.pick(second.adjectives))} depth.`,
    `Energy is ${power(energy)}, and the dynamics ${energy < 0.45 ? 'breathe slowly, leaving plenty of silence between the notes' : 'stay firm from the first bar to the last, with little room to rest'}.`,
  ];
  const loose = [
    `It calls to mind ${image}, or perhaps ${otherImage}, and it holds that picture for its whole length.`,
    `Harmonically it circles ${random.pick(['two', 'three', 'four'])} chords around ${sound.key}, ${random.pick(['with a suspended note that delays the resolution', 'returning home only in the last bar', 'with a passing tone that colours the turnaround'])}.`,
    `In the stereo field the ${random.pick(['low end stays centred', 'lead sits slightly left', 'ambience spreads wide'])} and ${random.pick(['a short room reverb glues the parts together', 'a long tail of reverb blurs the edges', 'a tape delay repeats the last note of each phrase'])}.`,
    `The mix favours ${random.pick(['the low mids', 'the sub register', 'the upper harmonics', 'a smooth midrange'])}, so it leaves room for ${random.pick(['a vocal', 'a lead instrument', 'dialogue', 'another percussion layer'])} on top.`,
    `The emotional effect is ${random.pick(first.effects)}, tempered by ${random.pick(second.effects)}.`,
    `Small imperfections, ${random.pick(['a late note', 'a breath before the phrase', 'a slight drift in pitch', 'a click at the loop point'])} among them, make it feel ${random.pick(second.adjectives)} rather than mechanical.`,
    `Transitions are handled by ${random.pick(['a filter that opens over eight bars', 'a reversed cymbal', 'a sudden drop to silence', 'a short pitch bend'])}, and the loop point is ${random.pick(['clean', 'nearly inaudible', 'easy to cut around'])}.`,
    `Compared with other ${genre.name} material it is more ${moods[0]} than most, and its ${random.pick(genre.textures)} quality is what a listener remembers.`,
  ];
  return [...fixed, ...random.some(loose, loose.length)];
}

function closing(random: Random, { genre, moods }: Sound): string {
  const [use = '', other = ''] = random.some(genre.uses, 2);
  return random.pick([
    `It would suit ${use} or ${other}, wherever ${article(moods[0])} and ${moods[1]} atmosphere is wanted.`,
    `Best used for ${use}; it also works under ${other} when the scene should feel ${moods[0]}.`,
    `Producers looking for ${moods[0]}, ${moods[1]} ${genre.name} will find it fits ${use} as well as ${other}.`,
  ]);
}
