/** Returns the indices of the `count` greatest values, the greatest first; of equal values the first wins. */
export function greatest(values: Float32Array | Float64Array, count: number): Uint32Array {
  // A heap of the indices of the best values so far, the worst of them on top.
  const heap = new Uint32Array(Math.min(count, values.length));
  const worse = (a: number, b: number): boolean => {
    const [x, y] = [values[a] as number, values[b] as number];
    return x < y || (x === y && a > b);
  };
  const sink = (from: number, size: number): void => {
    const moved = heap[from] as number;
    let at = from;
    for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && worse(heap[child + 1] as number, heap[child] as number)) child += 1;
      if (!worse(heap[child] as number, moved)) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = moved;
  };
  for (let at = 0; at < heap.length; at++) heap[at] = at;
  for (let at = (heap.length >> 1) - 1; at >= 0; at--) sink(at, heap.length);
  for (let at = heap.length; at < values.length && heap.length > 0; at++)
    if ((values[at] as number) > (values[heap[0] as number] as number)) {
      heap[0] = at;
      sink(0, heap.length);
    }
  for (let size = heap.length - 1; size > 0; size--) {
    const worst = heap[0] as number;
    heap[0] = heap[size] as number;
    heap[size] = worst;
    sink(0, size);
  }
  return heap;
}

/** Keeps the `count` items with the greatest values; of equal values the first wins. */
export class Best {
  /** Values that are not greater need not be added. */
  floor = Number.NEGATIVE_INFINITY;
  private readonly items: Uint32Array;
  private readonly values: Float64Array;
  private size = 0;

  constructor(private readonly count: number) {
    // Room for several times `count`, so that items are sorted out rarely.
    const room = 4 * count + 16;
    this.items = new Uint32Array(room);
    this.values = new Float64Array(room);
  }

  add(item: number, value: number): void {
    if (this.size === this.items.length) this.sortOut();
    if (value <= this.floor) return;
    this.items[this.size] = item;
    this.values[this.size++] = value;
  }

  /** Returns the items, the greatest first. */
  inOrder(): { item: number; value: number }[] {
    return Array.from(greatest(this.values.subarray(0, this.size), this.count), (at) => ({
      item: this.items[at] as number,
      value: this.values[at] as number,
    }));
  }

  private sortOut(): void {
    const places = greatest(this.values.subarray(0, this.size), this.count);
    const worst = places.at(-1);
    if (worst !== undefined) this.floor = this.values[worst] as number;
    // Keeps the order in which they were added.
    for (const [at, place] of places.sort().entries()) {
      this.items[at] = this.items[place] as number;
      this.values[at] = this.values[place] as number;
    }
    this.size = places.length;
  }
}
