import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/cl100k_base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderSourceText } from '../../src/collections/source-text.js';
import { createDemoCatalog, type DemoSample, demoSamples } from '../../src/local/demo-catalog/index.js';
import { openCatalog } from '../../src/sources/index.js';
import type { SampleRow } from '../../src/sources/types.js';
import { Database } from '../../src/sqlite.js';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sample-embeddings-demo-'));
  path = join(directory, 'deep', 'catalog.db');
});
afterEach(() => rmSync(directory, { recursive: true }));

const textOf = ({ sample, analysis }: DemoSample) =>
  renderSourceText({ ...analysis, ...sample } as unknown as SampleRow).text;
const rawOf = ({ analysis }: DemoSample): string | undefined =>
  analysis ? JSON.parse(String(analysis.characteristics)).raw_analysis : undefined;

describe('demoSamples', () => {
  const rows = [...demoSamples()];

  it('gives 2,437 samples with ascending ids and some gaps', () => {
    expect(rows.length).toBe(2437);
    const ids = rows.map(({ sample }) => sample.id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    expect(ids.at(-1)).toBeGreaterThan(2450);
  });

  it('is the same for the same seed and another for another', () => {
    expect([...demoSamples({ samples: 50, seed: 1 })]).toEqual(rows.slice(0, 50));
    expect([...demoSamples({ samples: 50, seed: 2 })]).not.toEqual(rows.slice(0, 50));
  });

  it('has source texts of about 325 tokens', () => {
    const tokens = rows.map((row) => encode(textOf(row)).length);
    const mean = tokens.reduce((sum, n) => sum + n, 0) / tokens.length;
    expect(mean).toBeGreaterThan(325 * 0.9);
    expect(mean).toBeLessThan(325 * 1.1);
  });

  it('describes a sample in 150 to 220 words', () => {
    for (const row of rows) {
      const words = rawOf(row)?.split(/\s+/).length ?? 180;
      expect(words).toBeGreaterThanOrEqual(150);
      expect(words).toBeLessThanOrEqual(220);
    }
  });

  it('says in words what the fields say', () => {
    for (const row of rows) {
      const raw = rawOf(row);
      if (raw === undefined) continue;
      expect(raw).toContain(row.analysis?.mood_primary);
      if (row.sample.genre) expect(raw).toContain(row.sample.genre);
      expect(raw).not.toMatch(/undefined|NaN|\ba [aeio]|\ban [bcdfgjklmpqrstvwxyz]|\ba \d+ [a-z]*\b\?/);
    }
    const dark = rows.filter(
      (row) => row.sample.genre === 'hip hop' && row.analysis?.mood_primary === 'dark',
    );
    expect(dark.length).toBeGreaterThan(10);
  });

  it('holds what a real library holds: twins, gaps in the fields, other alphabets, rows without analysis', () => {
    const texts = rows.map(textOf);
    expect(new Set(texts).size).toBeLessThan(texts.length);
    expect(new Set(texts).size).toBeGreaterThan(texts.length * 0.98);
    const share = (test: (row: DemoSample) => boolean) => rows.filter(test).length / rows.length;
    expect(share((row) => row.analysis === null)).toBeCloseTo(1 / 16, 1);
    for (const column of ['genre', 'bpm', 'musical_key', 'tags']) {
      expect(share((row) => row.sample[column] === null)).toBeGreaterThan(0);
    }
    expect(share((row) => /[^\x20-\x7e]/.test(row.sample.title))).toBeGreaterThan(0.005);
    expect(share((row) => Number(row.sample.bpm) % 1 !== 0)).toBeGreaterThan(0.1);
  });
});

describe('createDemoCatalog', () => {
  it('writes a catalog that the pipeline reads', async () => {
    expect(await createDemoCatalog({ path })).toEqual({ path, samples: 2437 });
    const catalog = await openCatalog(path);
    expect(await catalog.inspect()).toEqual({ dialect: 'sqlite', samples: 2437 });
    const page = await catalog.readPage({ after: null, limit: 3000 });
    const sources = page.map((row) => renderSourceText(row));
    expect(sources.map(({ text }) => text)).toEqual([...demoSamples()].map(textOf));
    expect(sources.flatMap(({ notes }) => notes)).toEqual([]);
    await catalog.close();
    expect(readdirSync(join(directory, 'deep'))).toEqual(['catalog.db']);
  });

  it('writes the same bytes for the same seed, over an older demo catalog', async () => {
    await createDemoCatalog({ path, samples: 100 });
    const first = readFileSync(path);
    await createDemoCatalog({ path, samples: 100, seed: 2 });
    expect(readFileSync(path).equals(first)).toBe(false);
    await createDemoCatalog({ path, samples: 100 });
    expect(readFileSync(path).equals(first)).toBe(true);
  });

  it('leaves alone what is no demo catalog', async () => {
    const mine = join(directory, 'mine.db');
    const db = new Database(mine);
    db.exec('create table precious (id integer)');
    db.close();
    const before = readFileSync(mine);
    await expect(createDemoCatalog({ path: mine })).rejects.toMatchObject({ kind: 'usage' });
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    await expect(createDemoCatalog({ path: join(directory, 'notes.txt') })).rejects.toMatchObject({
      kind: 'usage',
    });
    expect(readFileSync(mine).equals(before)).toBe(true);
  });

  it('writes 20,000 samples in a few seconds, and nobody sees the file before it is whole', async () => {
    const started = performance.now();
    let done = false;
    const writing = createDemoCatalog({ path, samples: 20_000 }).finally(() => {
      done = true;
    });
    let looks = 0;
    while (!done) {
      const there = existsSync(path);
      if (!done) expect(there).toBe(false);
      looks++;
      await new Promise(setImmediate);
    }
    await writing;
    expect(looks).toBeGreaterThan(3);
    expect(performance.now() - started).toBeLessThan(8000);
  }, 20_000);
});
