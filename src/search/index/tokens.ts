import { LRUCache } from 'lru-cache';
import { Database } from '../../sqlite.js';

export interface Tokens {
  /**
   * Splits many texts into tokens. `each` is called once for every term of a text, ordered by term and then by the
   * text's index. @returns the number of tokens of each text.
   */
  ofTexts(
    texts: readonly (readonly [source: string | null, words: string | null])[],
    each: (term: string, text: number, times: number) => void,
  ): number[];
  /** Returns the tokens of a phrase, in order. */
  ofPhrase(phrase: string): readonly string[];
  close(): void;
}

/** Must equal the tokenizer of the store: see search-words-schema.ts. */
const TOKENIZE = 'porter unicode61 remove_diacritics 2';
/** Phrases whose tokens are cached. */
const KNOWN = 10_000;

/** Opens a tokenizer that equals the store's FTS5, by an FTS5 table in memory. */
export function openTokens(): Tokens {
  const db = new Database(':memory:');
  db.exec(`CREATE VIRTUAL TABLE texts USING fts5(embedding_source, words, content = '', tokenize = '${TOKENIZE}');
    CREATE VIRTUAL TABLE tokens USING fts5vocab(texts, instance)`);
  const insert = db.prepare('INSERT INTO texts (rowid, embedding_source, words) VALUES (?, ?, ?)');
  // Rows are ordered by term and then by text. One row for each token would take seven times as long.
  const all = db.prepare('SELECT term, group_concat(doc) FROM tokens GROUP BY term').raw();
  const inOrder = db.prepare('SELECT term FROM tokens ORDER BY offset').pluck();
  const clear = db.prepare("INSERT INTO texts (texts) VALUES ('delete-all')");
  const known = new LRUCache<string, readonly string[]>({ max: KNOWN });

  const enter = db.transaction((texts: readonly (readonly [string | null, string | null])[]) => {
    clear.run();
    for (const [at, [source, words]] of texts.entries()) insert.run(at + 1, source, words);
  });
  return {
    ofTexts(texts, each) {
      enter(texts);
      const lengths = texts.map(() => 0);
      for (const row of all.iterate()) {
        const [term, docs] = row as [string, string];
        eachRepeated(docs, (doc, times) => {
          lengths[doc - 1] = (lengths[doc - 1] as number) + times;
          each(term, doc - 1, times);
        });
      }
      return lengths;
    },
    ofPhrase(phrase) {
      const before = known.get(phrase);
      if (before !== undefined) return before;
      enter([[phrase, null]]);
      const found = inOrder.all() as string[];
      known.set(phrase, found);
      return found;
    },
    close: () => void db.close(),
  };
}

const COMMA = 44;
const ZERO = 48;

/** Calls `each` with every distinct number of a list like `1,1,1,4`, and with its count. */
function eachRepeated(list: string, each: (value: number, times: number) => void): void {
  let [before, times, value] = [0, 0, 0];
  for (let at = 0; at <= list.length; at++) {
    const code = at === list.length ? COMMA : list.charCodeAt(at);
    if (code !== COMMA) {
      value = value * 10 + code - ZERO;
      continue;
    }
    if (value !== before && times > 0) each(before, times);
    times = value === before ? times + 1 : 1;
    [before, value] = [value, 0];
  }
  if (times > 0) each(before, times);
}
