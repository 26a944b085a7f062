/** Texts that hold a term or phrase: their slots, ascending, and how often each holds it. */
export interface Hits {
  slots: Uint32Array;
  times: Uint16Array;
}

/** The same, in arrays that may have unused room. */
export interface Decoded extends Hits {
  count: number;
}

/** Higher counts are stored as this. */
export const MOST_TIMES = 65_535;
/** Postings between two positions from which reading can start. */
const STEP = 128;

/** The encoded postings of one term; a view of a larger buffer, which is copied before it is changed. */
export interface WrittenPostings {
  bytes: Uint8Array;
  count: number;
  /** The greatest slot. */
  last: number;
}

/**
 * The slots of the texts that hold one term, and how often each does: about two bytes for each text. A slot is encoded
 * as twice its distance to the previous one, plus 1 if a count follows. Both numbers are varints (LEB128).
 */
export class Postings {
  count: number;
  private last: number;
  private size: number;
  private bytes: Uint8Array;
  /** For each step, the slot before it and the offset of its bytes. Built on first use, up to the byte `stepped`. */
  private readonly stepSlots: number[] = [-1];
  private readonly stepAt: number[] = [0];
  private stepped = 0;

  constructor({ bytes, count, last }: WrittenPostings = { bytes: new Uint8Array(8), count: 0, last: -1 }) {
    this.bytes = bytes;
    this.size = count === 0 ? 0 : bytes.length;
    this.count = count;
    this.last = last;
  }

  written(): WrittenPostings {
    return { bytes: this.bytes.subarray(0, this.size), count: this.count, last: this.last };
  }

  /** Slots must ascend. */
  add(slot: number, times: number): void {
    if (this.size + 10 > this.bytes.length) this.grow();
    this.write((slot - this.last) * 2 + (times > 1 ? 1 : 0));
    if (times > 1) this.write(Math.min(times, MOST_TIMES));
    this.last = slot;
    this.count += 1;
  }

  /** Decodes all postings into `into`, which must be large enough. */
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

  /** Returns whether a slot is among them; reads only one step. */
  holds(wanted: number): boolean {
    if (this.stepped < this.size) this.layOutSteps();
    const { bytes, size, stepSlots, stepAt } = this;
    let low = 0;
    for (let high = stepSlots.length - 1; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if ((stepSlots[middle] as number) < wanted) low = middle;
      else high = middle - 1;
    }
    let slot = stepSlots[low] as number;
    for (let at = stepAt[low] as number; slot < wanted && at < size; ) {
      const value = valueAt(bytes, at);
      slot += value >>> 1;
      at = after(bytes, at);
      if (value & 1) at = after(bytes, at);
    }
    return slot === wanted;
  }

  /** Returns the bytes used, including the object itself. */
  taken(): number {
    return this.bytes.length + 16 * this.stepAt.length + 200;
  }

  private layOutSteps(): void {
    const { bytes, size, stepSlots, stepAt } = this;
    stepSlots.length = 1;
    stepAt.length = 1;
    let slot = -1;
    for (let at = 0, count = 0; at < size; count++) {
      if (count > 0 && count % STEP === 0) {
        stepSlots.push(slot);
        stepAt.push(at);
      }
      const value = valueAt(bytes, at);
      slot += value >>> 1;
      at = after(bytes, at);
      if (value & 1) at = after(bytes, at);
    }
    this.stepped = size;
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

function valueAt(bytes: Uint8Array, from: number): number {
  let at = from;
  let byte = bytes[at++] as number;
  let value = byte & 127;
  for (let shift = 7; byte > 127; shift += 7) {
    byte = bytes[at++] as number;
    value |= (byte & 127) << shift;
  }
  return value;
}

function after(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at++] as number) > 127);
  return at;
}
