import type { AudioFacts, SourcedValue } from '../audio/facts.js';
import { instrumentsIn } from '../names/instruments.js';
import { type Sources, withContradiction } from './sourced-value.js';

/** Default titles of programs. */
const PLACEHOLDER =
  /^(untitled|unknown|no title|track|audio|title|(new |untitled )?project|default)[\s_-]*\d*$/i;

/** Words of names that only count files. */
const COUNTING = new Set(
  'sound sounds sample samples audio rec recording take track file untitled new bounce export clip copy zoom'.split(
    ' ',
  ),
);

export interface Titles {
  title: SourcedValue;
  /** A title tag that is not the title and says something else; null: none. It is one of the tags. */
  besides: SourcedValue | null;
}

/**
 * Chooses the title. With an artist the file is a track, and its tag is the title. In a sample the tag often names the
 * project that the sample was exported from. So it is the title only if it says all that the file's name says, and more:
 * `Heavy wooden door slam` of `SFX_0123` or `Door 03`. A default title of a program is never used.
 */
export function chooseTitles({ audio, name }: Sources, file: string): Titles {
  const ofName: SourcedValue = { value: name.title.trim() || file, from: 'file name' };
  const { title: tag, artist }: AudioFacts = audio;
  if (!tag) return { title: ofName, besides: null };
  if (PLACEHOLDER.test(tag.value)) return { title: withContradiction(ofName, tag), besides: null };
  if (artist) return { title: tag, besides: null };
  const tagWords = wordsOf(tag.value);
  const whole = wordsOf(file.replace(/\.[^.]*$/, '')).join('');
  if (tagWords.every((word) => word.length === 1 || whole.includes(word)))
    return { title: ofName, besides: null };
  const ofBoth = (word: string): boolean =>
    tagWords.some((other) => other === word || (word.length > 2 && other.startsWith(word)));
  return wordsOf(ofName.value).every((word) => saysNothing(word) || ofBoth(word))
    ? { title: tag, besides: null }
    : { title: ofName, besides: tag };
}

/** Words of letters in lower case, without accents. */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/\p{L}+/gu) ?? [];

/** A letter, a word that counts files, or a code: `sfx`, `zm`. A short name of an instrument (`snr`) says something. */
function saysNothing(word: string): boolean {
  if (word.length === 1 || COUNTING.has(word)) return true;
  const [instrument = 'fx'] = instrumentsIn([word]);
  return instrument === 'fx' && /^[b-df-hj-np-tv-xz]+$/.test(word);
}
