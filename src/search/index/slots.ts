/** A sample of a slot is in the store; else it was deleted or replaced since. */
export const LIVE = 1;
/** It has a signature of the model's length. */
export const VECTOR = 2;

/**
 * Where each sample stands in the index. A slot is given once: a sample that changes gets another one, and its old slot
 * is dead, so that what refers to slots is only ever added to.
 */
export class Slots {
  /** How many were given. */
  count = 0;
  live = 0;
  /** How many of the live ones have vectors. */
  vectors = 0;
  /** Tokens of the texts of live ones. */
  tokens = 0;
  ids = new Float64Array(1024);
  flags = new Uint8Array(1024);
  /** Tokens of each text. */
  lengths = new Uint32Array(1024);
  /** Changes when a sample comes or goes. */
  version = 0;
  /** Ids up to this slot ascend, and are found by halving; those that came out of order are in `later`. */
  private ascending = 0;
  private readonly later = new Map<number, number>();

  /** The live slot of a sample; -1: it has none. */
  of(id: number): number {
    const slot = this.later.get(id) ?? this.among(id);
    return slot >= 0 && (this.flags[slot] as number) & LIVE ? slot : -1;
  }

  /** A new slot; the sample's old one dies. */
  add(id: number, { hasVector }: { hasVector: boolean }): number {
    this.remove(id);
    if (this.count === this.ids.length) this.grow();
    const slot = this.count++;
    this.ids[slot] = id;
    this.flags[slot] = LIVE | (hasVector ? VECTOR : 0);
    if (this.ascending === slot && (slot === 0 || (this.ids[slot - 1] as number) < id)) this.ascending += 1;
    else this.later.set(id, slot);
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

  /** Ids of live samples, ascending. */
  liveIds(): Float64Array {
    const found = new Float64Array(this.live);
    let at = 0;
    for (let slot = 0; slot < this.count; slot++)
      if ((this.flags[slot] as number) & LIVE) found[at++] = this.ids[slot] as number;
    return found.sort();
  }

  bytes(): number {
    return this.ids.byteLength + this.flags.byteLength + this.lengths.byteLength + 64 * this.later.size;
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
    const size = Math.ceil(this.ids.length * 1.5);
    const larger = <T extends Float64Array | Uint8Array | Uint32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.ids = larger(this.ids, new Float64Array(size));
    this.flags = larger(this.flags, new Uint8Array(size));
    this.lengths = larger(this.lengths, new Uint32Array(size));
  }
}
