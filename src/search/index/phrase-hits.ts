import { LRUCache } from 'lru-cache';
import { bm25Of, timesOf } from './bm25.js';
import type { Phrase } from './phrases.js';
import { type Hits, MOST_TIMES } from './postings.js';
import type { Slots } from './slots.js';
import type { TermPostings } from './term-postings.js';
import type { Tokens } from './tokens.js';

/** Queries to the store for phrases, since the index does not keep the order of words. */
export interface AskStore {
  /** Returns the samples whose texts match an FTS5 expression; `bm25` returns the scores of some of them. */
  holding(expression: string): Promise<number[]>;
  bm25(expression: string, ids: readonly number[] | null): Promise<{ sampleId: number; bm25: number }[]>;
}

/** Size of the cache of answers, in texts. */
const ASKED = 2_000_000;

interface Parts {
  slots: Slots;
  terms: TermPostings;
  tokens: Tokens;
  ask: AskStore;
}

/** Finds texts that hold a phrase of several tokens, or one whose last word is a prefix. */
export class PhraseHits {
  private asked = newAsked();

  constructor(private readonly parts: Parts) {}

  /** Clears the cache, after texts have changed. */
  forget(): void {
    this.asked = newAsked();
  }

  /** Returns whether the postings of one term are not sufficient. */
  isAsked({ text, isBeginning }: Phrase): boolean {
    return this.parts.tokens.ofPhrase(text).length > (isBeginning ? 0 : 1);
  }

  /** Looks up all phrases in parallel, so that a store far away costs one round trip. */
  async of(phrases: readonly Phrase[]): Promise<Map<string, Hits>> {
    const { asked } = this;
    const each = [...new Map(phrases.map((phrase) => [phrase.expression, phrase])).values()];
    const found = each
      .filter((phrase) => this.isAsked(phrase))
      .map(async (phrase) => {
        const known = asked.get(phrase.expression) ?? (await this.look(phrase));
        asked.set(phrase.expression, known);
        return [phrase.expression, known] as const;
      });
    return new Map(await Promise.all(found));
  }

  private async look({ text, expression, isBeginning }: Phrase): Promise<Hits> {
    const { terms, tokens, ask, slots } = this.parts;
    const words = tokens.ofPhrase(text);
    const [only = ''] = words;
    if (isBeginning && words.length === 1) return terms.beginningWith(only);
    if (isBeginning) return this.hitsOf(await ask.bm25(expression, null));
    // Texts that lack a word need not be checked in the store.
    const together = terms.all(words);
    if (together.slots.length === 0) return together;
    const holding = (await ask.holding(expression)).map((id) => slots.of(id)).filter((slot) => slot >= 0);
    // If a text holds one of the words once, it holds the phrase once. For other texts BM25 gives the count.
    const once = new Map<number, number>();
    for (const [at, slot] of together.slots.entries()) once.set(slot, together.times[at] as number);
    const [clear, open] = parted(holding, (slot) => once.get(slot) === 1);
    const ids = open.map((slot) => slots.ids[slot] as number);
    const more = ids.length === 0 ? [] : await ask.bm25(expression, ids);
    const { slots: some, times } = this.hitsOf(more, holding.length);
    return {
      slots: Uint32Array.from([...clear, ...some]),
      times: Uint16Array.from([...clear.map(() => 1), ...times]),
    };
  }

  private hitsOf(found: readonly { sampleId: number; bm25: number }[], holding = found.length): Hits {
    const { slots } = this.parts;
    const phrase = bm25Of({ texts: slots.live, tokens: slots.tokens, holding });
    const known = found
      .map(({ sampleId, bm25 }) => ({ slot: slots.of(sampleId), bm25 }))
      .filter(({ slot }) => slot >= 0);
    return {
      slots: Uint32Array.from(known, ({ slot }) => slot),
      times: Uint16Array.from(known, ({ slot, bm25 }) =>
        Math.min(MOST_TIMES, timesOf(phrase, bm25, slots.lengths[slot] as number)),
      ),
    };
  }
}

const newAsked = (): LRUCache<string, Hits> =>
  new LRUCache({ max: 1000, maxSize: ASKED, sizeCalculation: ({ slots }) => slots.length + 1 });

function parted<T>(items: readonly T[], is: (item: T) => boolean): [T[], T[]] {
  const [those, others]: [T[], T[]] = [[], []];
  for (const item of items) (is(item) ? those : others).push(item);
  return [those, others];
}
