import { isTimed, readFolder, tempoAndKey, told, wordsIn } from './folder-facts.js';
import { instrumentsIn } from './instruments.js';
import { settleKey } from './key-of-folder.js';
import { type Kind, kindIn } from './kinds.js';
import { packOf } from './packs.js';
import { readSeries } from './series.js';
import type { TempoReading } from './tempos.js';
import { titleOf } from './title.js';
import { type Name, readName, stemOf } from './tokens.js';
import { UNPITCHED } from './vocabulary.js';

/** The facts that the name of a sample and the names of its folders tell. */
export interface NameFacts {
  /** The name without its tempo and key, in readable form. Empty only if the name is empty. */
  title: string;
  /** 40 to 300, with decimals where the name has them. */
  bpm: number | null;
  /** "C", "F#", "Bb", "Am", "F#m": m for minor; no m for major, or if the name gives no mode. */
  musicalKey: string | null;
  /** The name of the folder that holds the pack, as written. */
  pack: string | null;
  kind: Kind | null;
  /** The words of `INSTRUMENTS`: "kick", "hi-hat", "drum loop". */
  instruments: string[];
  /** Where each fact was read, in plain words: `file name "128"`, `folder "Loops 120 BPM"`. */
  from: Partial<Record<'bpm' | 'musicalKey' | 'pack' | 'kind' | 'instruments', string>>;
}

export interface FolderNames {
  factsOf(fileName: string): NameFacts;
}

/** The words of `INSTRUMENTS` for sounds that no musical instrument makes. */
const SOUNDS = new Set(['fx', 'foley', 'noise', 'riser', 'downlifter', 'impact', 'sweep', 'atmosphere']);
const isMusical = (instrument: string): boolean => !SOUNDS.has(instrument);

/**
 * Reads what the file names of one folder have in common, and the names of its folders. After that, `factsOf` is
 * cheap. `folder` is the path relative to the root, separated by "/"; '' for the root itself. The root's own name tells
 * nothing, so that a library that is moved keeps its texts.
 */
export function readFolderNames(folder: string, fileNames: readonly string[]): FolderNames {
  const path = folder.split('/').filter((part) => part !== '');
  const folders = path.map(readFolder).reverse();
  const series = readSeries(fileNames);
  const pack = packOf(path);
  const folderKind = folders.find(({ kind }) => kind !== null);
  const folderTimed = folders.find(({ timed }) => timed !== null)?.timed;
  const folderMusical = folders.some(({ instruments }) => instruments.some(isMusical));
  const folderTempo = folders.find(({ bpm }) => bpm !== null);
  const folderKey = folders.find(({ key }) => key !== null);
  const folderInstruments = folders.find(({ instruments }) => instruments.length > 0);

  return {
    factsOf(fileName) {
      const name = readName(stemOf(fileName));
      const words = wordsIn(name);
      const ownKind = kindIn(words);
      const kind = ownKind ?? folderKind?.kind ?? null;
      const own = instrumentsIn(words);
      const timed = folderTimed === true || isTimed(words) ? true : (folderTimed ?? null);
      const { tempo, key } = tempoAndKey(name, series, {
        loop: kind === null ? timed : kind === 'loop',
        musical: kind !== null || folderMusical || own.some(isMusical),
      });
      const instruments = own.length > 0 ? own : (folderInstruments?.instruments ?? []);
      const from: NameFacts['from'] = {};
      const ownTempo = told(tempo);
      const ownKey = told(key);
      let bpm = ownTempo?.bpm ?? null;
      if (ownTempo !== null) from.bpm = quote(name, ownTempo);
      else if (folderTempo !== undefined && kind !== 'one-shot' && mayBe(folderTempo.bpm, tempo, name)) {
        bpm = folderTempo.bpm;
        from.bpm = folderTempo.label;
      }
      const applies =
        key === null && words.some((word) => UNPITCHED.has(word)) ? null : (folderKey?.key ?? null);
      const keyFrom = key === 'unclear' ? null : settleKey(ownKey, applies);
      const musicalKey = (keyFrom === 'own' ? ownKey : keyFrom === 'folder' ? applies : null)?.key ?? null;
      if (keyFrom === 'own' && ownKey !== null) from.musicalKey = quote(name, ownKey);
      else if (keyFrom === 'folder') from.musicalKey = folderKey?.label as string;
      if (ownKind !== null) from.kind = `file name "${name.text}"`;
      else if (kind !== null && folderKind !== undefined) from.kind = folderKind.label;
      if (own.length > 0) from.instruments = `file name "${name.text}"`;
      else if (instruments.length > 0 && folderInstruments !== undefined)
        from.instruments = folderInstruments.label;
      if (pack !== null) from.pack = `folder "${pack}"`;
      const taken = [ownTempo, keyFrom === null ? null : ownKey].filter((reading) => reading !== null);
      return {
        title: titleOf(name, taken),
        bpm,
        musicalKey,
        pack,
        kind,
        instruments: [...instruments],
        from,
      };
    },
  };
}

/** Returns whether the folder's tempo applies: the name tells none, or it is unclear and contains that number. */
const mayBe = (bpm: number | null, tempo: TempoReading | 'unclear' | null, { tokens }: Name): boolean =>
  tempo === null || (tempo === 'unclear' && tokens.some(({ number }) => number === bpm));

function quote({ text, tokens }: Name, { from, to }: Pick<TempoReading, 'from' | 'to'>): string {
  return `file name "${text.slice(tokens[from]?.start, tokens[to]?.end)}"`;
}
