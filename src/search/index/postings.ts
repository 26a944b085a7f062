/** Texts that hold a term, as they are decoded: slots, ascending, and how often each holds it. */
export interface Decoded {
  slots: Uint32Array;
  times: Uint16Array;
  count: number;
}

/** More often is as good as this. */
const MOST = 65_535;

/**
 * The slots of the texts that hold one term, and how often: about two bytes each. A slot is written as its distance to
 * the one before, doubled, odd where a count follows; both in bytes of seven bits, the lowest first.
 */
export class Postings {
  count = 0;
  private last = -1;
  private size = 0;
  private bytes = new Uint8Array(8);

  /** Slots must ascend. */
  add(slot: number, times: number): void {
    if (this.size + 10 > this.bytes.length) this.grow();
    this.write((slot - this.last) * 2 + (times > 1 ? 1 : 0));
    if (times > 1) this.write(Math.min(times, MOST));
    this.last = slot;
    this.count += 1;
  }

  /** Into `into`, which has room for all. */
  decode(into: Decoded): void {
    const { bytes, size } = this;
    const { slots, times } = into;
    let slot = -1;
    let count = 0;
    for (let at = 0; at < size; ) {
      let byte = bytes[at++] as number;
      let value = byte & 127;
      for (let shift = 7; byte > 127; shift += 7) {
        byte = bytes[at++] as number;
        value |= (byte & 127) << shift;
      }
      slot += value >>> 1;
      slots[count] = slot;
      if ((value & 1) === 0) times[count] = 1;
      else {
        byte = bytes[at++] as number;
        value = byte & 127;
        for (let shift = 7; byte > 127; shift += 7) {
          byte = bytes[at++] as number;
          value |= (byte & 127) << shift;
        }
        times[count] = value;
      }
      count += 1;
    }
    into.count = count;
  }

  /** Bytes that are taken, the object itself included. */
  taken(): number {
    return this.bytes.length + 200;
  }

  private write(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.bytes[this.size++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.size++] = rest;
  }

  private grow(): void {
    const larger = new Uint8Array(Math.ceil(this.bytes.length * 1.3) + 10);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
