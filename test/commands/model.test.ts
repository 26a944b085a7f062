import { describe, expect, it } from 'vitest';
import { generationFor } from '../../src/activities/generation.js';
import { recipeOf } from '../../src/collections/recipe.js';
import { derivedFrom, recipeFor } from '../../src/commands/model/build.js';
import { wantedOf } from '../../src/commands/model/switch.js';
import { loadSettings } from '../../src/config.js';
import type { PlannedGeneration } from '../../src/contract/generation.js';
import { toPlanned, wholeGeneration } from '../../src/domain/choose-generation.js';
import type { Generation } from '../../src/engines/types.js';

const settings = loadSettings({}, '/nowhere');
const own = recipeOf(settings.collection);
const generation = (number: number, change: Partial<Generation> = {}): Generation => ({
  ...{ number, state: 'active', recipe: own, damage: null, model: own.model, dimensions: own.dimensions },
  ...{ form: 'float32', source: null, isEmpty: false, declared: null, activatedAt: null },
  createdAt: '2026-01-01T00:00:00.000Z',
  ...change,
});

describe('what a build makes', () => {
  it('empty words are none', () => {
    const recipe = recipeFor(settings, own, { documentPrefix: '', queryPrefix: '' });
    expect(recipe).toEqual(own);
    expect(recipeFor(settings, own, { queryPrefix: 'query: ' }).query).toEqual({ prefix: 'query: ' });
  });
});

describe('what is made of the active vectors', () => {
  const small: PlannedGeneration = { ...wholeGeneration(own, 2), dimensions: 64, form: 'float8' };
  const all = [
    generation(1, { state: 'retired' }),
    generation(2, { dimensions: 64, form: 'float8', source: 1 }),
  ];

  it('is of eight bits where those are, and shorter still', () => {
    expect(derivedFrom(small, all, { shorten: 32 })).toEqual({ ...small, number: 0, dimensions: 32 });
    expect(derivedFrom(wholeGeneration(own, 1), all, { shorten: 64, eightBit: true })).toEqual({
      ...small,
      number: 0,
    });
  });

  it.each([
    ['longer, of what was bought and is there', all, 128, /embeddings model switch 1 first.*--shorten 128$/],
    [
      'longer, of what was dropped',
      all.slice(1),
      128,
      /buy them with embeddings model build .* --dimensions 128$/,
    ],
    ['the same', all, 64, /already: give --shorten a smaller number$/],
  ])('is not %s: the sentence ends with the cure', (_, there, shorten, words) => {
    expect(() => derivedFrom(small, there, { shorten, eightBit: true })).toThrow(words);
  });
});

describe('what is switched to', () => {
  const all = [generation(1), ...[2, 3].map((number) => generation(number, { state: 'building' }))];
  const holding = (...rows: number[]) => ({
    generationSizes: async () =>
      new Map(rows.map((rows, at) => [at + 1, { rows, failed: 0, bytes: 0, missing: [] }])),
  });

  it('is the only one that holds something, where no number is said', async () => {
    expect(await wantedOf(holding(9, 9, 0), all, undefined)).toMatchObject({ number: 2 });
    expect(await wantedOf(holding(9, 0, 9), all, undefined)).toMatchObject({ number: 3 });
  });

  it.each([[[9, 9, 9]], [[9, 0, 0]]])('is asked for where that tells nothing', async (rows) => {
    await expect(wantedOf(holding(...rows), all, undefined)).rejects.toThrow(/which one\? generations 2, 3/);
  });
});

describe('a generation that is not as it should be', () => {
  it('is named with the cure, whichever it is', () => {
    const damage = 'has no readable words in embedding_generations';
    expect(() => toPlanned(generation(2, { state: 'retired', recipe: null, damage }), own)).toThrow(
      /generation 2 has no readable words .*: .*embeddings model drop 2, .*embeddings model build$/,
    );
    expect(() => toPlanned(generation(2, { recipe: null, damage }), own)).toThrow(
      /restore the store from a backup$/,
    );
  });

  it('is not there for the run that was to build it: what may have happened is said', () => {
    const store = { recordRecipe: async () => undefined, createGeneration: async () => 2 };
    const parts = { store, recipe: own } as unknown as Parameters<typeof generationFor>[0];
    expect(() => generationFor(parts, { generation: 3 }, [generation(1)])).toThrow(
      /no generation 3, which this run builds: it was dropped since, or this is another store.*embeddings model build$/,
    );
  });
});
