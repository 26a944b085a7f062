import { type Decoded, type Hits, MOST_TIMES, Postings, type WrittenPostings } from './postings.js';
import { LIVE, type Slots } from './slots.js';

/** Inverted index: the live texts that hold each term. */
export class TermPostings {
  private readonly terms = new Map<string, Postings>();
  private scratch: Decoded = { slots: new Uint32Array(0), times: new Uint16Array(0), count: 0 };
  /** Number of live texts that hold a term, for one version of the slots. */
  private counts = { version: -1, of: new Map<string, number>() };

  constructor(private readonly slots: Slots) {}

  /** Slots of a term must ascend. */
  add(term: string, slot: number, times: number): void {
    let postings = this.terms.get(term);
    if (postings === undefined) {
      postings = new Postings();
      this.terms.set(term, postings);
    }
    postings.add(slot, times);
  }

  has(term: string): boolean {
    return this.terms.has(term);
  }

  /** Returns the postings of a term. The arrays are valid until the next call. */
  hits(term: string): Hits {
    const postings = this.terms.get(term);
    if (postings === undefined) return { slots: new Uint32Array(0), times: new Uint16Array(0) };
    if (this.scratch.slots.length < postings.count)
      this.scratch = {
        slots: new Uint32Array(2 * postings.count),
        times: new Uint16Array(2 * postings.count),
        count: 0,
      };
    postings.decode(this.scratch);
    const { slots, times, count } = this.scratch;
    const live = this.slots.live === this.slots.count ? count : this.leaveDead(slots, times, count);
    this.countsNow().set(term, live);
    return { slots: slots.subarray(0, live), times: times.subarray(0, live) };
  }

  count(term: string): number {
    const { live, count } = this.slots;
    if (live === count) return this.terms.get(term)?.count ?? 0;
    return this.countsNow().get(term) ?? this.hits(term).slots.length;
  }

  /** Returns whether the text of a live slot holds the term. */
  holds(term: string, slot: number): boolean {
    return this.terms.get(term)?.holds(slot) === true;
  }

  /** Returns the texts that hold all these terms; `times` is the count of the text's rarest one. */
  all(terms: readonly string[]): Hits {
    const [rarest = '', ...others] = [...new Set(terms)].sort((a, b) => this.count(a) - this.count(b));
    let { slots, times } = copied(this.hits(rarest));
    for (const term of others) {
      if (slots.length === 0) break;
      const more = this.hits(term);
      let kept = 0;
      for (let at = 0, there = 0; at < slots.length; at++) {
        const slot = slots[at] as number;
        while (there < more.slots.length && (more.slots[there] as number) < slot) there += 1;
        if (more.slots[there] !== slot) continue;
        times[kept] = Math.min(times[at] as number, more.times[there] as number);
        slots[kept++] = slot;
      }
      [slots, times] = [slots.subarray(0, kept), times.subarray(0, kept)];
    }
    return { slots, times };
  }

  /** Returns the texts that hold words with this prefix; `times` counts all such words. */
  beginningWith(beginning: string): Hits {
    const terms = [...this.terms.keys()].filter((term) => term.startsWith(beginning));
    const [only] = terms;
    if (only !== undefined && terms.length === 1) return copied(this.hits(only));
    const all = new Map<number, number>();
    for (const term of terms) {
      const { slots, times } = this.hits(term);
      for (let at = 0; at < slots.length; at++)
        all.set(slots[at] as number, (all.get(slots[at] as number) ?? 0) + (times[at] as number));
    }
    return {
      slots: Uint32Array.from(all.keys()),
      times: Uint16Array.from(all.values(), (times) => Math.min(times, MOST_TIMES)),
    };
  }

  *written(): Generator<[term: string, postings: WrittenPostings]> {
    for (const [term, postings] of this.terms) yield [term, postings.written()];
  }

  /** Replaces the content by what `written` returned. */
  take(written: Iterable<readonly [term: string, postings: WrittenPostings]>): void {
    this.terms.clear();
    for (const [term, postings] of written) this.terms.set(term, new Postings(postings));
  }

  bytes(): number {
    let bytes = 6 * this.scratch.slots.length;
    for (const [term, postings] of this.terms) bytes += postings.taken() + 2 * term.length + 64;
    return bytes;
  }

  private countsNow(): Map<string, number> {
    const { version } = this.slots;
    if (this.counts.version !== version) this.counts = { version, of: new Map() };
    return this.counts.of;
  }

  private leaveDead(slots: Uint32Array, times: Uint16Array, count: number): number {
    const { flags } = this.slots;
    let live = 0;
    for (let at = 0; at < count; at++) {
      const slot = slots[at] as number;
      if (((flags[slot] as number) & LIVE) === 0) continue;
      slots[live] = slot;
      times[live++] = times[at] as number;
    }
    return live;
  }
}

const copied = ({ slots, times }: Hits): Hits => ({ slots: slots.slice(), times: times.slice() });
