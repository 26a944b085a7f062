import { bm25Of } from './bm25.js';
import { Best } from './greatest.js';
import { type AskStore, PhraseHits } from './phrase-hits.js';
import { type Phrase, phrasesOf } from './phrases.js';
import type { Hits } from './postings.js';
import type { Slots } from './slots.js';
import { TermPostings } from './term-postings.js';
import type { Tokens } from './tokens.js';

/** Terms of all texts, and BM25 over them as FTS5 has it. */
export class Words {
  readonly terms: TermPostings;
  private readonly phrases: PhraseHits;
  /** By slot; all zero between two searches. */
  private scores = new Float64Array(0);

  constructor(
    private readonly slots: Slots,
    private readonly tokens: Tokens,
    ask: AskStore,
  ) {
    this.terms = new TermPostings(slots);
    this.phrases = new PhraseHits({ slots, terms: this.terms, tokens, ask });
  }

  /** Texts of new slots, ascending. */
  add(texts: readonly { slot: number; source: string | null; words: string | null }[]): void {
    const slotOf = (text: number): number => (texts[text] as { slot: number }).slot;
    const lengths = this.tokens.ofTexts(
      texts.map(({ source, words }) => [source, words]),
      (term, text, times) => this.terms.add(term, slotOf(text), times),
    );
    for (const [at, length] of lengths.entries()) this.slots.setLength(slotOf(at), length);
  }

  clear(): void {
    this.terms.take([]);
    this.phrases.forget();
  }

  /** What the store said holds no longer. */
  forgetAsked(): void {
    this.phrases.forget();
  }

  /** The slots that match best and their BM25, best first, as FTS5 ranks an expression of phrases joined by OR. */
  async matching(
    expression: string,
    { limit, mask }: { limit: number; mask: Uint8Array },
  ): Promise<{ slot: number; bm25: number }[]> {
    const phrases = phrasesOf(expression);
    const asked = await this.phrases.of(phrases);
    this.reach();
    for (const phrase of phrases) this.score(this.hits(phrase, asked));
    const best = new Best(limit);
    const { scores } = this;
    // One comparison a slot, which nearly always fails: a second one would cost as much as all else of the pass.
    let floor = 0;
    for (let slot = 0; slot < this.slots.count; slot++) {
      const score = scores[slot] as number;
      if (score <= floor || mask[slot] === 0) continue;
      best.add(slot, score);
      floor = Math.max(0, best.floor);
    }
    scores.fill(0, 0, this.slots.count);
    return best.inOrder().map(({ item, value }) => ({ slot: item, bm25: value }));
  }

  /** How many texts match each expression. */
  async frequencies(expressions: readonly string[]): Promise<number[]> {
    const all = expressions.map((expression) => this.different(phrasesOf(expression)));
    const asked = await this.phrases.of(all.flat());
    return all.map((phrases) => {
      const [only] = phrases;
      if (only === undefined) return 0;
      if (phrases.length > 1) return this.union(phrases, asked);
      const term = this.termOf(only);
      return term === undefined ? this.hits(only, asked).slots.length : this.terms.count(term);
    });
  }

  /** For each expression, which of these slots match it. */
  async matchesAmong(expressions: readonly string[], slots: readonly number[]): Promise<number[][]> {
    const all = expressions.map((expression) => this.different(phrasesOf(expression)));
    const asked = await this.phrases.of(all.flat());
    const holders = (phrase: Phrase): ((slot: number) => boolean) => {
      const term = this.termOf(phrase);
      if (term !== undefined) return (slot) => this.terms.holds(term, slot);
      const wanted = new Set(slots);
      const found = new Set(this.hits(phrase, asked).slots.filter((slot) => wanted.has(slot)));
      return (slot) => found.has(slot);
    };
    return all.map((phrases) => {
      const holds = phrases.map(holders);
      return slots.filter((slot) => holds.some((held) => held(slot)));
    });
  }

  bytes(): number {
    return this.terms.bytes() + this.scores.byteLength;
  }

  /** Phrases that differ in their tokens: a word and its folded spelling often do not. */
  private different(phrases: readonly Phrase[]): Phrase[] {
    const keyOf = ({ text, isBeginning }: Phrase): string =>
      `${isBeginning} ${this.tokens.ofPhrase(text).join(' ')}`;
    return [...new Map(phrases.map((phrase) => [keyOf(phrase), phrase])).values()];
  }

  /** The term whose postings are all that a phrase asks for; undefined: it is a phrase of several, or of none. */
  private termOf(phrase: Phrase): string | undefined {
    return this.phrases.isAsked(phrase) ? undefined : this.tokens.ofPhrase(phrase.text)[0];
  }

  /** The live slots that hold a phrase; to be used before the next call. */
  private hits(phrase: Phrase, asked: ReadonlyMap<string, Hits>): Hits {
    return asked.get(phrase.expression) ?? this.terms.hits(this.termOf(phrase) ?? '');
  }

  private union(phrases: readonly Phrase[], asked: ReadonlyMap<string, Hits>): number {
    const seen = new Uint8Array(this.slots.count);
    let count = 0;
    for (const phrase of phrases)
      for (const slot of this.hits(phrase, asked).slots) {
        count += 1 - (seen[slot] as number);
        seen[slot] = 1;
      }
    return count;
  }

  private score({ slots: holding, times }: Hits): void {
    const { scores } = this;
    const { live: texts, tokens, lengths } = this.slots;
    const { most, least, each } = bm25Of({ texts, tokens, holding: holding.length });
    for (let at = 0; at < holding.length; at++) {
      const slot = holding[at] as number;
      const n = times[at] as number;
      scores[slot] = (scores[slot] as number) + (n * most) / (n + least + each * (lengths[slot] as number));
    }
  }

  private reach(): void {
    if (this.scores.length >= this.slots.count) return;
    this.scores = new Float64Array(this.slots.ids.length);
  }
}
