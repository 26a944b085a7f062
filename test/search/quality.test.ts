import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/engines/libsql/index.js';
import type { Store } from '../../src/engines/store.js';
import { byBoth, byMeaning, byWords, type Found } from '../../src/search/rank.js';
import { type JudgedQuery, type JudgedSet, judgedSet, ndcg } from './judged.js';
import { HELD_OUT, STEERED } from './vocabularies.js';

const MODEL = 'test/meaning';
const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-quality-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (vector: Float32Array): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);

async function fill(store: Store, { samples }: JudgedSet): Promise<void> {
  await store.migrate();
  for (let from = 0; from < samples.length; from += 500)
    await store.commit({
      runId: 'judged',
      batchId: String(from),
      model: MODEL,
      runStartedAt: '2026-01-01T00:00:00.000Z',
      fence: 0,
      vectors: samples.slice(from, from + 500).map(({ id, text, vector }) => ({
        sampleId: id,
        text,
        contentHash: String(id),
        vector: bytes(vector),
      })),
      copies: [],
      failures: [],
      settlements: [],
      notedDelta: 0,
    });
}

describe.each([
  ['queries of two words', STEERED, 7, (mood: string, genre: string) => `${mood} ${genre}`],
  ['other words than it was steered by', HELD_OUT, 8, (mood: string, genre: string) => `${mood} ${genre}`],
  [
    'whole sentences',
    HELD_OUT,
    9,
    (mood: string, genre: string) => `I want something ${mood} for the evening, a ${genre} track`,
  ],
] as const)('on %s', (_, vocabulary, seed, phrase) => {
  let store: Store;
  let set: JudgedSet;
  beforeAll(async () => {
    store = await openStore({ url: `file:${join(folder, `${seed}.db`)}` });
    set = judgedSet(vocabulary, { seed, phrase });
    await fill(store, set);
  });
  afterAll(() => store?.close());

  const mean = async (
    queries: JudgedQuery[],
    rank: (query: JudgedQuery) => Promise<Found[]>,
  ): Promise<number> => {
    let sum = 0;
    for (const query of queries) {
      const found = await rank(query);
      sum += ndcg(
        found.map(({ sampleId }) => sampleId),
        query.gains,
      );
    }
    return sum / queries.length;
  };

  it.each(['words', 'paraphrases'] as const)(
    '%s: hybrid is at least 0.9 of the better mode',
    async (kind) => {
      const ranking = { limit: 10, among: null, rows: set.samples.length };
      const asked = ({ vector }: JudgedQuery) => ({ model: MODEL, vector: bytes(vector) });
      const vector = await mean(set[kind], (query) => byMeaning(store, asked(query), ranking));
      const text = await mean(set[kind], (query) => byWords(store, query.text, ranking));
      const hybrid = await mean(set[kind], (query) => byBoth(store, asked(query), query.text, ranking));
      console.log(
        `nDCG@10 ${kind}: vector ${vector.toFixed(3)}, text ${text.toFixed(3)}, hybrid ${hybrid.toFixed(3)}`,
      );
      // Else the set would not tell the modes apart.
      if (kind === 'words') expect(text).toBeGreaterThan(2 * vector);
      else expect(vector).toBeGreaterThan(1.5 * text);
      expect(hybrid).toBeGreaterThanOrEqual(0.9 * Math.max(vector, text));
    },
  );
});
