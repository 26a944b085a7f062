/**
 * Counts differing bits with WebAssembly SIMD: 100,000 rows of 1,536 bits in 1.4 ms; plain JavaScript takes several
 * times as long. Assembled from hamming.wat with wat2wasm (wabt).
 */
const CODE =
  'AGFzbQEAAAABDAFgCH9/f39/f39/AAMCAQAFAwEAAwcUAgZtZW1vcnkCAAdjb21wYXJlAAAKmQIBlgICBX8CeyABIQgCQANAIAJFDQEgBARAIAEgBCgCACAD' +
  'bGohCCAEQQRqIQQLQQAhCf0MAAAAAAAAAAAAAAAAAAAAACEOA0AgCUHwA2ohCiAKIANLBEAgAyEKC/0MAAAAAAAAAAAAAAAAAAAAACENA0AgDSAIIAlq/QAE' +
  'ACAAIAlq/QAEAP1R/WL9biENIAlBEGoiCSAKSQ0ACyAOIA39ff1//a4BIQ4gCSADSQ0ACyAO/RsAIA79GwFqIA79GwIgDv0bA2pqIQsgBiALOwEAQQEhDCAE' +
  'RQRAIAUtAAAhDCAFQQFqIQUgCCADaiEICyAHIAtBAnRqIQkgCSAJKAIAIAxqNgIAIAZBAmohBiACQQFrIQIMAAsLCw==';

const PAGE = 65_536;
/** Memory layout: page 1 the query, page 2 distances, page 3 the list or mask of rows, then counts, then rows. */
const OUT = PAGE;
const WHICH = 2 * PAGE;
const COUNTS = 3 * PAGE;
/** Rows in one call: as many 16-bit distances (BLOCK) or 32-bit row numbers (LISTED) as fit into a page. */
const BLOCK = PAGE / 2;
const LISTED = PAGE / 4;
/** Rows are loaded 16 bytes at a time. */
const LANE = 16;
/** Size of the longest query that fits. */
const MAX_BYTES = PAGE;

/** The part of WebAssembly used here; TypeScript declares its types only in the DOM library. */
declare const WebAssembly: {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};

interface Kernel {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** All are addresses except `count` and `stride`. `list`, `mask`: 0 if there is none. */
  compare(
    query: number,
    rows: number,
    count: number,
    stride: number,
    list: number,
    mask: number,
    out: number,
    having: number,
  ): void;
}

/** The rows to compare: those in `list`; or the first `count`, of which `having` counts those with a 1 in `mask`. */
export type ComparedRows = { list: Uint32Array } | { mask: Uint8Array; count: number };

export interface Distances {
  /** Differing bits, by index in the list or by row. Valid until the next call. */
  each: Uint16Array;
  /** By number of differing bits: how many of the counted rows differ in that many. */
  having: Uint32Array;
}

/** Rows of bits of equal length, stored in WebAssembly memory. */
export interface BitRows {
  /** Sets a row. Rows skipped before it are zero. */
  set(row: number, bits: Uint8Array): void;
  /** Returns the bytes of the first `count` rows, each padded to 16 bytes. Read or fill them before the next `set`. */
  first(count: number): Uint8Array;
  /** Counts the bits in which each row differs from the query. */
  distances(query: Uint8Array, rows: ComparedRows): Distances;
  /** Returns the memory used, in bytes. */
  bytes(): number;
}

/** Creates an empty BitRows. `bytes`: size of a row. Throws a RangeError beyond 65,536. */
export function createBitRows(bytes: number): BitRows {
  const stride = Math.max(LANE, Math.ceil(bytes / LANE) * LANE);
  if (stride > MAX_BYTES) throw new RangeError(`signatures of ${bytes} bytes are longer than ${MAX_BYTES}`);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(CODE, 'base64')));
  const { memory, ...kernel } = exports as unknown as Kernel;
  let all = new Uint8Array(memory.buffer);
  const counts = 8 * stride + 1;
  const ROWS = COUNTS + Math.ceil((4 * counts) / PAGE) * PAGE;
  let each = new Uint16Array(0);

  /** Grows the memory to `end` bytes, or by a quarter (at most 64 MiB) if that is more, so that growing is rare. */
  const reach = (end: number): void => {
    if (end <= all.length) return;
    const wanted = Math.max(end, Math.min(all.length + all.length / 4, all.length + 64 * 1024 * 1024));
    memory.grow(Math.ceil((wanted - all.length) / PAGE));
    all = new Uint8Array(memory.buffer);
  };
  return {
    set(row, bits) {
      const at = ROWS + row * stride;
      reach(at + stride);
      all.fill(0, at, at + stride);
      all.set(bits.subarray(0, bytes), at);
    },
    first(count) {
      reach(ROWS + count * stride);
      return all.subarray(ROWS, ROWS + count * stride);
    },
    distances(query, compared) {
      const count = 'list' in compared ? compared.list.length : compared.count;
      reach(ROWS + ('list' in compared ? 0 : count * stride));
      if (each.length < count) each = new Uint16Array(Math.ceil(1.2 * count));
      all.fill(0, 0, stride);
      all.set(query.subarray(0, bytes), 0);
      const having = new Uint32Array(memory.buffer, COUNTS, counts).fill(0);
      const out = new Uint16Array(memory.buffer, OUT, BLOCK);
      const list = new Uint32Array(memory.buffer, WHICH, LISTED);
      const block = 'list' in compared ? LISTED : BLOCK;
      for (let from = 0; from < count; from += block) {
        const some = Math.min(block, count - from);
        if ('list' in compared) {
          list.set(compared.list.subarray(from, from + some));
          kernel.compare(0, ROWS, some, stride, WHICH, 0, OUT, COUNTS);
        } else {
          all.set(compared.mask.subarray(from, from + some), WHICH);
          kernel.compare(0, ROWS + from * stride, some, stride, 0, WHICH, OUT, COUNTS);
        }
        each.set(out.subarray(0, some), from);
      }
      return { each, having };
    },
    bytes: () => all.length + each.byteLength,
  };
}
