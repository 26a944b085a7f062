import { LRUCache } from 'lru-cache';
import { greatest } from './greatest.js';
import type { Mask } from './nearest-slots.js';
import { type Decoded, Postings } from './postings.js';
import { LIVE, type Slots } from './slots.js';
import type { Tokens } from './tokens.js';

/** As in FTS5's bm25(). */
const K1 = 1.2;
const B = 0.75;
const LEAST_IDF = 1e-6;

/** What a phrase gives each text that holds it. */
export interface PhraseScores {
  slots: Uint32Array;
  scores: Float64Array;
}

/**
 * Asks the store for what is not kept here: a phrase of several tokens, or the beginning of one. The best by BM25 for
 * that phrase alone, all of them: of several phrases BM25 is the sum.
 */
export type AskStore = (expression: string) => Promise<PhraseScores>;

/** Phrases whose answers are remembered: of a common one it has as many numbers as there are texts. */
const ASKED = 64;
const newAsked = (): LRUCache<string, PhraseScores> => new LRUCache({ max: ASKED });

interface Phrase {
  /** As it is written, with its quotes. */
  expression: string;
  text: string;
  isBeginning: boolean;
}

/** Terms of all texts, and BM25 over them as FTS5 has it. */
export class Words {
  private readonly terms = new Map<string, Postings>();
  private scratch: Decoded = { slots: new Uint32Array(0), times: new Uint16Array(0), count: 0 };
  private asked = newAsked();
  private scores = new Float64Array(0);

  constructor(
    private readonly slots: Slots,
    private readonly tokens: Tokens,
    private readonly askStore: AskStore,
  ) {}

  /** Texts of new slots, ascending. */
  add(texts: readonly { slot: number; source: string | null; words: string | null }[]): void {
    const lengths = this.tokens.ofTexts(
      texts.map(({ source, words }) => [source, words]),
      (term, text, times) => {
        let postings = this.terms.get(term);
        if (postings === undefined) {
          postings = new Postings();
          this.terms.set(term, postings);
        }
        postings.add((texts[text] as { slot: number }).slot, times);
      },
    );
    for (const [at, length] of lengths.entries())
      this.slots.setLength((texts[at] as { slot: number }).slot, length);
  }

  /** What the store said holds no longer. */
  forgetAsked(): void {
    this.asked = newAsked();
  }

  /** The slots that match best and their BM25, best first, as FTS5 ranks an expression of phrases joined by OR. */
  async matching(
    expression: string,
    { limit, mask }: { limit: number; mask: Mask },
  ): Promise<{ slot: number; bm25: number }[]> {
    const phrases = phrasesOf(expression);
    const fetched = await this.fetch(phrases);
    const { slots } = this;
    if (this.scores.length < slots.count) this.scores = new Float64Array(slots.ids.length);
    const { scores } = this;
    scores.fill(0, 0, slots.count);
    for (const phrase of phrases) {
      const known = fetched.get(phrase.expression);
      if (known !== undefined) for (let at = 0; at < known.slots.length; at++) plus(scores, known, at);
      else this.score(phrase, scores);
    }
    let count = 0;
    for (let slot = 0; slot < slots.count; slot++)
      if ((scores[slot] as number) > 0 && mask[slot] === 1) count += 1;
    const found = new Uint32Array(count);
    const values = new Float64Array(count);
    for (let slot = 0, at = 0; slot < slots.count; slot++)
      if ((scores[slot] as number) > 0 && mask[slot] === 1) {
        found[at] = slot;
        values[at++] = scores[slot] as number;
      }
    return [...greatest(found, values, limit)].map((slot) => ({ slot, bm25: scores[slot] as number }));
  }

  /** How many texts match each expression. */
  async frequencies(expressions: readonly string[]): Promise<number[]> {
    const found: number[] = [];
    const all = expressions.map(phrasesOf);
    const fetched = await this.fetch(all.flat());
    for (const phrases of all) {
      const seen = phrases.length > 1 ? new Uint8Array(this.slots.count) : null;
      let count = 0;
      for (const phrase of phrases)
        for (const slot of this.holding(phrase, fetched)) {
          if (seen?.[slot] === 1) continue;
          if (seen !== null) seen[slot] = 1;
          count += 1;
        }
      found.push(count);
    }
    return found;
  }

  /** For each expression, which of these slots match it. */
  async matchesAmong(expressions: readonly string[], slots: readonly number[]): Promise<number[][]> {
    const wanted = new Uint8Array(this.slots.count);
    for (const slot of slots) wanted[slot] = 1;
    const found: number[][] = [];
    const all = expressions.map(phrasesOf);
    const fetched = await this.fetch(all.flat());
    for (const phrases of all) {
      const matching = new Set<number>();
      for (const phrase of phrases)
        for (const slot of this.holding(phrase, fetched)) if (wanted[slot] === 1) matching.add(slot);
      found.push([...matching]);
    }
    return found;
  }

  bytes(): number {
    let bytes = this.scores.byteLength;
    for (const [term, postings] of this.terms) bytes += postings.taken() + 2 * term.length + 64;
    return bytes;
  }

  /** The live slots that hold a phrase; to be used before the next call. */
  private holding(phrase: Phrase, fetched: ReadonlyMap<string, PhraseScores>): Uint32Array {
    const known = fetched.get(phrase.expression);
    return known !== undefined ? known.slots : this.decode(phrase).slots;
  }

  /** The live slots that hold a phrase of one token. */
  private decode({ text }: Phrase): { slots: Uint32Array; times: Uint16Array } {
    const [term] = this.tokens.ofPhrase(text);
    const postings = term === undefined ? undefined : this.terms.get(term);
    if (postings === undefined)
      return { slots: this.scratch.slots.subarray(0, 0), times: this.scratch.times };
    if (this.scratch.slots.length < postings.count)
      this.scratch = {
        slots: new Uint32Array(2 * postings.count),
        times: new Uint16Array(2 * postings.count),
        count: 0,
      };
    postings.decode(this.scratch);
    const { slots, times, count } = this.scratch;
    const { flags } = this.slots;
    let live = 0;
    for (let at = 0; at < count; at++) {
      const slot = slots[at] as number;
      if (((flags[slot] as number) & LIVE) === 0) continue;
      slots[live] = slot;
      times[live++] = times[at] as number;
    }
    return { slots: slots.subarray(0, live), times };
  }

  private score(phrase: Phrase, scores: Float64Array): void {
    const { slots, times } = this.decode(phrase);
    const { live, tokens, lengths } = this.slots;
    const average = tokens / live;
    const idf = Math.max(Math.log((live - slots.length + 0.5) / (slots.length + 0.5)), 0) || LEAST_IDF;
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at] as number;
      const n = times[at] as number;
      scores[slot] =
        (scores[slot] as number) +
        idf * ((n * (K1 + 1)) / (n + K1 * (1 - B + (B * (lengths[slot] as number)) / average)));
    }
  }

  /** What the store must be asked for, of these phrases: all at once, so that one far away is waited for once. */
  private async fetch(phrases: readonly Phrase[]): Promise<Map<string, PhraseScores>> {
    const { asked } = this;
    const each = [...new Map(phrases.map((phrase) => [phrase.expression, phrase])).values()];
    const found = each
      .filter(({ text, isBeginning }) => this.tokens.ofPhrase(text).length > (isBeginning ? 0 : 1))
      .map(async ({ expression }) => {
        const known = asked.get(expression) ?? (await this.askStore(expression));
        asked.set(expression, known);
        return [expression, known] as const;
      });
    return new Map(await Promise.all(found));
  }
}

function plus(scores: Float64Array, { slots, scores: more }: PhraseScores, at: number): void {
  const slot = slots[at] as number;
  scores[slot] = (scores[slot] as number) + (more[at] as number);
}

/** The phrases of an expression of terms.ts: in quotes, joined by OR, some with a star after them. */
export const phrasesOf = (expression: string): Phrase[] =>
  [...expression.matchAll(/"((?:[^"]|"")*)"( \*)?/g)].map(([whole, text = '', star]) => ({
    expression: whole,
    text: text.replaceAll('""', '"'),
    isBeginning: star !== undefined,
  }));
