import { LRUCache } from 'lru-cache';
import { bm25Of, timesOf } from './bm25.js';
import type { Phrase } from './phrases.js';
import { type Hits, MOST_TIMES } from './postings.js';
import type { Slots } from './slots.js';
import type { TermPostings } from './term-postings.js';
import type { Tokens } from './tokens.js';

/** Asks the store in which order the words of a text stand, which is not kept here. */
export interface AskStore {
  /** The samples whose texts match an expression of FTS5, and how well some of these do. */
  holding(expression: string): Promise<number[]>;
  bm25(expression: string, ids: readonly number[] | null): Promise<{ sampleId: number; bm25: number }[]>;
}

/** Answers that are remembered: so many texts in all. */
const ASKED = 2_000_000;

interface Parts {
  slots: Slots;
  terms: TermPostings;
  tokens: Tokens;
  ask: AskStore;
}

/** Which texts hold a phrase of several tokens, or one whose last word may go on. */
export class PhraseHits {
  private asked = newAsked();

  constructor(private readonly parts: Parts) {}

  /** What was found holds no longer. */
  forget(): void {
    this.asked = newAsked();
  }

  /** Whether the postings of one term are not the whole answer. */
  isAsked({ text, isBeginning }: Phrase): boolean {
    return this.parts.tokens.ofPhrase(text).length > (isBeginning ? 0 : 1);
  }

  /** All at once, so that a store far away is waited for once. */
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
    // A text that does not hold every word is not asked about.
    const together = terms.all(words);
    if (together.slots.length === 0) return together;
    const holding = (await ask.holding(expression)).map((id) => slots.of(id)).filter((slot) => slot >= 0);
    // A phrase of a word that is there once is there once: how often others hold it, their BM25 tells.
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
