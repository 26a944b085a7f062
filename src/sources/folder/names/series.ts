import { addTo } from './add-to.js';
import { wheelKeyAt } from './camelot.js';
import { Counters, restOf } from './counters.js';
import { EndingTempos } from './ending-tempos.js';
import { isFreesoundId } from './freesound-id.js';
import { KeyColumns } from './key-columns.js';
import { KeyEndings } from './key-endings.js';
import { keyAt } from './keys.js';
import { SmallLetters } from './small-letters.js';
import { soundWords } from './sound-words.js';
import { type ColumnSign, TempoColumns } from './tempo-columns.js';
import { type Name, readName, stemOf } from './tokens.js';
import { type ToldBy, ToldTempos } from './told-tempos.js';

/** What the names of one folder have in common: which numbers and letters count files, and which are facts of them. */
export interface Series {
  /** The number at this token counts files: "Kick 118", "Kick 119", "Kick 120". */
  counts(name: Name, at: number): boolean;
  /** Other names of the folder, with different words, begin or end with the number too. */
  isShared(name: Name, at: number): boolean;
  /** Other names of the folder, with a different rest, contain the number too. */
  isCommon(name: Name, at: number): boolean;
  /** The single letter at this token counts takes: "Loop A", "Loop B". */
  isTake(name: Name, at: number): boolean;
  /** Names of the folder differ only in the single letter at this token. */
  isLettered(name: Name, at: number): boolean;
  /** Other names of the folder have keys at this place: "808_A#_Block", "808_C_Bubbly"; "Chord1-Cm" for "Chord1-C". */
  tellsKeys(name: Name, at: number): boolean;
  /** Other names of the folder have keys at this place, at least one with more than a letter: "A", "C#min", "Fmin". */
  tellsPlainKeys(name: Name, at: number): boolean;
  /** Other names of the folder have keys at this place, at least one with a small m for minor: "Dbm", "G", "Em". */
  tellsModes(name: Name, at: number): boolean;
  /** Most names of the folder end in keys in small letters: "bell_c", "harp_bb". */
  tellsSmallKeys(name: Name): boolean;
  /** Single small letters in the names of the folder, and whether they are keys. */
  smallLetters: SmallLetters;
  /** The small letter at the end of this name counts takes of one sound: "stab_a", "stab_b". */
  isSmallTake(name: Name, at: number): boolean;
  /** The numbers in this place of the folder's names are tempos: "heavy_120_tops", "hop_100_tops". */
  tellsTempos(name: Name, at: number): ColumnSign | null;
  /** The number ends the name, and those at the end of the folder's names are tempos: "colony_095", "rastan1_101". */
  endsInTempo(name: Name, at: number): boolean;
  /** How other names of the folder that begin the same tell that this number is a tempo; null if none does. */
  tempoToldBy(name: Name, at: number): ToldBy | null;
  /** The number directly follows different codes in names of the folder: "BL122", "DL122". */
  isBehindCodes(name: Name, at: number): boolean;
  /** Camelot codes in names of the folder are keys: there are at least three, not only low ones, in different names. */
  tellsWheel: boolean;
  /** The folder has at least five names, so that a missing letter shows that the others count no takes. */
  isFolder: boolean;
}

export function readSeries(fileNames: readonly string[]): Series {
  const counters = new Counters();
  const tempoColumns = new TempoColumns();
  const endingTempos = new EndingTempos();
  const toldTempos = new ToldTempos();
  const keyEndings = new KeyEndings();
  const smallLetters = new SmallLetters();
  const codesBefore = new Map<string, Set<string>>();
  const keyColumns = new KeyColumns();
  const codes = new Set<string>();
  const coded = new Set<number>();
  for (const fileName of fileNames) {
    const name = readName(stemOf(fileName));
    keyEndings.addName(name);
    const words = soundWords(name);
    endingTempos.add(name, words);
    for (const [at, token] of name.tokens.entries()) {
      if (token.number !== null) {
        if (isFreesoundId(name, at)) continue;
        counters.add(name, at, words);
        const before = name.tokens[at - 1];
        if (token.before === '' && before !== undefined) addTo(codesBefore, token.text, before.lower);
        else {
          tempoColumns.add(name, at, words);
          toldTempos.add(name, at);
        }
        if (wheelKeyAt(name.tokens, at) === null) continue;
        codes.add(token.text + name.tokens[at + 1]?.text);
        coded.add(restOf(name, token));
        continue;
      }
      const key = keyAt(name.tokens, at);
      smallLetters.add(name, at, key);
      keyColumns.add(name, at, key);
      if (key !== null && (token.before !== '' || at === 0)) keyEndings.add(name, key);
    }
  }
  return {
    counts(name, at) {
      const token = name.tokens[at];
      if (token?.number == null) return false;
      if (counters.counts(name, at)) return true;
      const edge = counters.edgeAt(name, at);
      if (edge === null) return false;
      const isNumbered = edge.low > 2 && edge.low * 2 >= fileNames.length;
      return (edge.counts || isNumbered) && (edge.values.get(token.text)?.names ?? 0) < 2;
    },
    isShared(name, at) {
      const token = name.tokens[at];
      const edge = counters.edgeAt(name, at);
      if (token === undefined || edge === null || edge.values.size * 2 > fileNames.length + 1) return false;
      return (edge.values.get(token.text)?.sounds ?? 0) >= 2;
    },
    isCommon: (name, at) => counters.isCommon(name, at),
    isTake: (name, at) => keyColumns.isTake(name, at),
    isLettered: (name, at) => keyColumns.isLettered(name, at),
    tellsKeys: (name, at) => keyColumns.tellsKeys(name, at, fileNames.length),
    tellsPlainKeys: (name, at) => keyColumns.tellsPlainKeys(name, at),
    tellsModes: (name, at) => keyColumns.tellsModes(name, at),
    tellsSmallKeys: (name) => keyEndings.tells(name, fileNames.length),
    smallLetters,
    isSmallTake: (name, at) => keyEndings.isTake(name, at),
    tellsTempos: (name, at) => tempoColumns.tells(name, at),
    endsInTempo: (name, at) => endingTempos.tells(name, at),
    tempoToldBy: (name, at) => toldTempos.toldBy(name, at),
    isBehindCodes: ({ tokens }, at) => (codesBefore.get(tokens[at]?.text ?? '')?.size ?? 0) > 1,
    isFolder: fileNames.length >= 5,
    // Numbers of takes begin at 1: "Donna 2B", "Jamie 1A".
    tellsWheel:
      codes.size >= 3 && coded.size >= codes.size && [...codes].some((code) => Number.parseInt(code, 10) > 4),
  };
}
