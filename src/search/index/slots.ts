/** The slot's sample is in the store; without this flag it was deleted or replaced since. */
export const LIVE = 1;
/** The sample has a signature of the model's length. */
export const VECTOR = 2;

/**
 * Maps each sample to a slot of the index. A slot is never reused: a changed sample gets a new slot and its old one is
 * dead. So structures that refer to slots are append-only.
 */
export class Slots {
  /** Slots assigned so far. */
  count = 0;
  live = 0;
  /** Live slots with vectors. */
  vectors = 0;
  /** Tokens in the texts of live slots. */
  tokens = 0;
  ids: Float64Array = new Float64Array(1024);
  flags: Uint8Array = new Uint8Array(1024);
  /** Tokens of each text. */
  lengths: Uint32Array = new Uint32Array(1024);
  /** Changes whenever a sample is added or removed. */
  version = 0;
  /** Ids before this slot ascend and are found by binary search; ids added out of order are in `later`. */
  private ascending = 0;
  private readonly later = new Map<number, number>();

  /** Returns the live slot of a sample, or -1. */
  of(id: number): number {
    const slot = this.later.get(id) ?? this.among(id);
    return slot >= 0 && (this.flags[slot] as number) & LIVE ? slot : -1;
  }

  /** Assigns a new slot to the sample; its old slot becomes dead. */
  add(id: number, { hasVector }: { hasVector: boolean }): number {
    this.remove(id);
    if (this.count === this.ids.length) this.grow();
    const slot = this.count++;
    this.ids[slot] = id;
    this.flags[slot] = LIVE | (hasVector ? VECTOR : 0);
    this.place(slot);
    this.live += 1;
    if (hasVector) this.vectors += 1;
    this.version += 1;
    return slot;
  }

  setLength(slot: number, tokens: number): void {
    this.tokens += tokens - (this.lengths[slot] as number);
    this.lengths[slot] = tokens;
  }

  remove(id: number): void {
    const slot = this.of(id);
    if (slot < 0) return;
    if ((this.flags[slot] as number) & VECTOR) this.vectors -= 1;
    this.flags[slot] = 0;
    this.live -= 1;
    this.tokens -= this.lengths[slot] as number;
    this.version += 1;
  }

  /** Removes all slots. */
  clear(): void {
    Object.assign(this, { count: 0, live: 0, vectors: 0, tokens: 0, ascending: 0 });
    this.lengths.fill(0);
    this.later.clear();
    this.version += 1;
  }

  /** Returns the bytes of all slots, for `take`. They are views, valid until the next change. */
  written(): { ids: Uint8Array; flags: Uint8Array; lengths: Uint8Array } {
    const part = (of: Float64Array | Uint8Array | Uint32Array): Uint8Array =>
      new Uint8Array(of.buffer, of.byteOffset, this.count * of.BYTES_PER_ELEMENT);
    return { ids: part(this.ids), flags: part(this.flags), lengths: part(this.lengths) };
  }

  /** Replaces the content by what `written` returned. */
  take(
    count: number,
    { ids, flags, lengths }: { ids: Uint8Array; flags: Uint8Array; lengths: Uint8Array },
  ): void {
    this.clear();
    this.ids = new Float64Array(ids.buffer, ids.byteOffset, count);
    this.flags = flags.subarray(0, count);
    this.lengths = new Uint32Array(lengths.buffer, lengths.byteOffset, count);
    this.count = count;
    for (let slot = 0; slot < count; slot++) {
      this.place(slot);
      const flag = this.flags[slot] as number;
      if ((flag & LIVE) === 0) continue;
      this.live += 1;
      this.tokens += this.lengths[slot] as number;
      if (flag & VECTOR) this.vectors += 1;
    }
  }

  /** Returns the ids of live samples, ascending. */
  liveIds(): Float64Array {
    const found = new Float64Array(this.live);
    let at = 0;
    for (let slot = 0; slot < this.count; slot++)
      if ((this.flags[slot] as number) & LIVE) found[at++] = this.ids[slot] as number;
    return this.later.size === 0 ? found : found.sort();
  }

  bytes(): number {
    return this.ids.byteLength + this.flags.byteLength + this.lengths.byteLength + 64 * this.later.size;
  }

  /** Records the id of a newly assigned slot. */
  private place(slot: number): void {
    const id = this.ids[slot] as number;
    if (this.ascending === slot && (slot === 0 || (this.ids[slot - 1] as number) < id)) this.ascending += 1;
    else this.later.set(id, slot);
  }

  private among(id: number): number {
    let low = 0;
    let high = this.ascending - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const there = this.ids[middle] as number;
      if (there === id) return middle;
      if (there < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  private grow(): void {
    const size = Math.max(1024, Math.ceil(this.ids.length * 1.5));
    const larger = <T extends Float64Array | Uint8Array | Uint32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.ids = larger(this.ids, new Float64Array(size));
    this.flags = larger(this.flags, new Uint8Array(size));
    this.lengths = larger(this.lengths, new Uint32Array(size));
  }
}
