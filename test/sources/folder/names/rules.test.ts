import { describe, expect, test } from 'vitest';
import { readFolderNames } from '../../../../src/sources/folder/names/index.js';
import { INSTRUMENTS } from '../../../../src/sources/folder/names/instrument-spellings.js';
import { KEY_RULES } from '../../../../src/sources/folder/names/key-rules.js';
import { KIND_EXAMPLES } from '../../../../src/sources/folder/names/kinds.js';
import { PACK_EXAMPLES } from '../../../../src/sources/folder/names/packs.js';
import { GLUED_TEMPO_RULES } from '../../../../src/sources/folder/names/tempo-glued.js';
import { TEMPO_RULES } from '../../../../src/sources/folder/names/tempo-rules.js';

/** The facts of a file among the others of its folder. */
const factsOf = (fileName: string, beside: readonly string[] = [], folder = '') =>
  readFolderNames(folder, [fileName, ...beside]).factsOf(fileName);

describe('every rule reads the names that made it', () => {
  for (const { id, examples } of [...TEMPO_RULES, ...GLUED_TEMPO_RULES])
    test.each(examples.map((example) => [...example]))(`tempo, ${id}: %s is %s`, (name, bpm, ...beside) => {
      expect(factsOf(name as string, beside as string[]).bpm).toBe(bpm);
    });

  for (const { id, examples } of KEY_RULES)
    test.each(examples.map((example) => [...example]))(`key, ${id}: %s is %s`, (name, key, ...beside) => {
      expect(factsOf(name as string, beside as string[]).musicalKey).toBe(key);
    });

  for (const { word, examples } of INSTRUMENTS)
    test.each(examples)(`instrument, ${word}: %s`, (name) => {
      expect(factsOf(name).instruments).toContain(word);
    });

  test.each(KIND_EXAMPLES)('kind: %s is %s', (name, kind) => {
    expect(factsOf(name).kind).toBe(kind);
  });

  test.each(PACK_EXAMPLES)('pack: below "%s" is %s', (folder, pack) => {
    expect(factsOf('x.wav', [], folder).pack).toBe(pack);
  });
});
