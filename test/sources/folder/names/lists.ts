import { readFileSync } from 'node:fs';
import { readFolderNames } from '../../../../src/sources/folder/names/index.js';
import { soundingKey } from '../../../../src/sources/folder/names/keys.js';

interface Measured {
  names: number;
  /** Names that say a tempo or a key. */
  saying: number;
  /** Share of those whose tempo and key are both understood. */
  understood: number;
  /** Share of all names that are given a tempo or a key that they do not have. */
  wrong: number;
  /** One line for each name that differs. */
  differences: string[];
}

const keyOrNone = (key: string | null): string => (key === null || key === '-' ? '-' : soundingKey(key));

/** Reads a list of names with their truth, folder by folder, and compares. */
export function measure(file: string): Measured {
  const folders = new Map<string, { name: string; bpm: string; key: string }[]>();
  for (const line of readFileSync(new URL(file, import.meta.url), 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [path, bpm, key] = line.split('\t') as [string, string, string];
    const slash = path.lastIndexOf('/');
    const folder = path.slice(0, Math.max(0, slash));
    const rows = folders.get(folder) ?? [];
    rows.push({ name: path.slice(slash + 1), bpm, key });
    folders.set(folder, rows);
  }
  let names = 0;
  let saying = 0;
  let understood = 0;
  let wrong = 0;
  const differences: string[] = [];
  for (const [folder, rows] of folders) {
    const { factsOf } = readFolderNames(
      folder,
      rows.map(({ name }) => name),
    );
    for (const { name, bpm, key } of rows) {
      const facts = factsOf(name);
      const tempo = facts.bpm === null ? '-' : String(facts.bpm);
      const sameTempo = tempo === bpm;
      const sameKey = keyOrNone(facts.musicalKey) === keyOrNone(key);
      const isWrong = (tempo !== '-' && !sameTempo) || (facts.musicalKey !== null && !sameKey);
      names += 1;
      if (bpm !== '-' || key !== '-') {
        saying += 1;
        if (sameTempo && sameKey) understood += 1;
      }
      if (isWrong) wrong += 1;
      if (!sameTempo || !sameKey)
        differences.push(
          `${isWrong ? 'wrong' : 'missed'}: ${folder}/${name} says ${bpm} ${key}, read ${tempo} ${facts.musicalKey ?? '-'}`,
        );
    }
  }
  return { names, saying, understood: understood / saying, wrong: wrong / names, differences };
}
