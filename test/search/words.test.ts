import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/engines/libsql/index.js';
import { fold, hiddenWords } from '../../src/engines/libsql/search-words.js';
import type { Store } from '../../src/engines/store.js';
import { byWords } from '../../src/search/rank.js';
import { termsOf } from '../../src/search/terms.js';

describe('fold', () => {
  it.each([
    ['Straße', 'strasse'],
    ['ΑΘΗΝΑΣ', 'αθηνασ'],
    ['Αθήνας', 'αθηνασ'],
    ['İstanbul', 'istanbul'],
    ['ISTANBUL', 'istanbul'],
    ['ﬁnal', 'final'],
    ['Ｆｕｌｌ', 'full'],
    ['ﾊﾞｽ', 'バス'],
    ['がか', 'がか'],
    ['신스', '신스'],
    ['Ñandú', 'nandu'],
    ['cafe\u0301', 'cafe'],
  ])('%j is %j', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });
});

describe('hiddenWords', () => {
  it.each([
    ['Plain Café loop 20, dark_pad', ''],
    ['電子鼓', '電子 子鼓 鼓'],
    ['808重低音', '808 重低 低音 音'],
    ['DarkPadLoop', 'dark pad loop'],
    ['Kick808 x', 'kick 808'],
    ['Straße', 'strasse'],
    ['夜', '夜'],
  ])('of %j are %j', (text, words) => {
    expect(hiddenWords(text)).toBe(words);
  });
});

/** Titles of libraries as people keep them, and what they look for. */
const TITLES = [
  '重低音キックループ',
  'サンドボックス 修正テスト',
  '夜の街シンセパッド',
  '电子鼓循环120',
  '808重低音',
  '어두운 신스 패드를',
  'เบสหนักมาก',
  'Café Noir Loop',
  'Überfall Synth',
  'Straße bei Nacht',
  'DarkPadLoop',
  'dark_pad_loop_03',
  'Kick-808-Hard.wav',
  "Drum'n'Bass Break",
  'Bass C# Minor',
  'Ñandú Percussion',
  'Ярко-красный бас',
  'ΑΘΗΝΑ bouzouki',
  'İstanbul saz',
  'ﬁnal mix',
  'Ｆｕｌｌｗｉｄｔｈ kick',
  'ﾊﾞｽ ループ',
  'हिन्दी तबला',
  'طبلة شرقية',
];
const id = (title: string): number => TITLES.indexOf(title) + 1;

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-words-'));
  store = await openStore({ url: `file:${join(folder, 'store.db')}` });
  await store.migrate();
  const plain = Array.from({ length: 200 }, (_, at) => `Plain loop ${at}`);
  await store.commit({
    runId: 'words',
    batchId: 'b0',
    model: 'test/words',
    runStartedAt: '2026-01-01T00:00:00.000Z',
    fence: 1,
    vectors: [...TITLES, ...plain].map((title, at) => ({
      sampleId: at + 1,
      text: `Title: ${title}`,
      contentHash: String(at),
      vector: new Uint8Array(Float32Array.from({ length: 8 }, (_, n) => Math.sin(at + n)).buffer),
    })),
    copies: [],
    failures: [],
    settlements: [],
    notedDelta: 0,
  });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});
const found = async (query: string): Promise<number[]> =>
  (await byWords(store, query, { limit: 10, among: null, rows: TITLES.length + 200 })).map(
    (hit) => hit.sampleId,
  );

describe('search by words', () => {
  it.each([
    ['キック', '重低音キックループ'],
    ['重低音', '重低音キックループ'],
    ['重低音', '808重低音'],
    ['低音', '808重低音'],
    ['音', '808重低音'],
    ['夜', '夜の街シンセパッド'],
    ['シンセ', '夜の街シンセパッド'],
    ['シンセ パッド', '夜の街シンセパッド'],
    ['电子鼓', '电子鼓循环120'],
    ['鼓', '电子鼓循环120'],
    ['120', '电子鼓循环120'],
    ['패드', '어두운 신스 패드를'],
    ['신스', '어두운 신스 패드를'],
    ['เบส', 'เบสหนักมาก'],
    ['หนัก', 'เบสหนักมาก'],
    ['808', '808重低音'],
    ['808', 'Kick-808-Hard.wav'],
    ['cafe', 'Café Noir Loop'],
    ['CAFÉ', 'Café Noir Loop'],
    ['uberfall', 'Überfall Synth'],
    ['strasse', 'Straße bei Nacht'],
    ['STRASSE', 'Straße bei Nacht'],
    ['straße', 'Straße bei Nacht'],
    ['pad', 'DarkPadLoop'],
    ['pad', 'dark_pad_loop_03'],
    ['DarkPad', 'dark_pad_loop_03'],
    ['darkpadloop', 'DarkPadLoop'],
    ["drum'n'bass", "Drum'n'Bass Break"],
    ['c#', 'Bass C# Minor'],
    ['nandu', 'Ñandú Percussion'],
    ['красный', 'Ярко-красный бас'],
    ['КРАСНЫЙ', 'Ярко-красный бас'],
    ['αθηνα', 'ΑΘΗΝΑ bouzouki'],
    ['Αθήνα', 'ΑΘΗΝΑ bouzouki'],
    ['istanbul', 'İstanbul saz'],
    ['final', 'ﬁnal mix'],
    ['fullwidth', 'Ｆｕｌｌｗｉｄｔｈ kick'],
    ['ｋｉｃｋ', 'Ｆｕｌｌｗｉｄｔｈ kick'],
    ['バス', 'ﾊﾞｽ ループ'],
    ['तबला', 'हिन्दी तबला'],
    ['हिन्दी', 'हिन्दी तबला'],
    ['طبلة', 'طبلة شرقية'],
  ])('finds %j in %j', async (query, title) => {
    expect(await found(query)).toContain(id(title));
  });

  it.each(['鼓电', '低重', 'เสบ', 'padd', '"', '* OR NEAR(', 'embedding_source: dark'])(
    'takes %j for nothing but words',
    async (query) => {
      const hits = await found(query);
      expect(hits).not.toContain(id('电子鼓循环120'));
      expect(hits).not.toContain(id('808重低音'));
    },
  );

  it('asks for each word once, however it is written', () => {
    expect(termsOf('Straße STRASSE strasse').map(({ term }) => term)).toEqual(['strasse']);
    expect(termsOf('the 重低音').map(({ term }) => term)).toEqual(['重低音']);
  });

  it('knows what became of a text: edited, deleted, entered by the next search', async () => {
    expect(await store.searchable()).toMatchObject({ missing: 0 });
    const at = id('电子鼓循环120');
    await store.commit({
      runId: 'words-2',
      batchId: 'b0',
      model: 'test/words',
      runStartedAt: '2026-02-01T00:00:00.000Z',
      fence: 2,
      vectors: [
        { sampleId: at, text: 'Title: 弦楽器', contentHash: 'x', vector: new Uint8Array(32).fill(1) },
      ],
      copies: [],
      failures: [],
      settlements: [],
      notedDelta: 0,
    });
    expect(await found('电子鼓')).toEqual([]);
    expect(await found('弦楽')).toEqual([at]);
  });
});
