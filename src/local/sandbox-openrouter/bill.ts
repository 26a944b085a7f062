import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

export interface BillEntry {
  /** ISO time, UTC. */
  at: string;
  /** The HTTP status that was sent; 0 when the connection broke or hung instead. */
  status: number;
  inputs: number;
  tokens: number;
  costNanos: number;
  /** The part of costNanos that the account's own key paid to the model's provider. */
  upstreamNanos?: number;
  cached: boolean;
  /** Absent when the request was not understood, or refused. */
  model?: string;
  /** Set if the request opted in to the response cache: a restarted sandbox still answers its repeat for free. */
  cacheKey?: string;
  /** Epoch ms. */
  cachedUntil?: number;
  /** When the request was read, ISO time, UTC. It was in flight from then until `at`. */
  since?: string;
  /** The kind of fault in an answer that was still charged. */
  fault?: string;
}

/** One line of the bill's file: what was charged, and the vector of each text (digests, in request order). */
interface Line {
  entry: BillEntry;
  keys: string[];
  vectors?: string[];
}

/** What the provider has charged: the true amounts, against which the product's ledger is checked. */
export interface BillTotals {
  /** Requests with a good key that asked for embeddings, refused and broken ones included. */
  requests: number;
  /** Texts that were charged. */
  inputs: number;
  tokens: number;
  costNanos: number;
  /** Texts charged more than once, counted for each further time. */
  boughtTwice: number;
}

export interface Bill extends BillTotals {
  entries: BillEntry[];
}

/** Null for a line that a killed process left half written; such a line was never acknowledged. */
function parse(line: string): Line | null {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return null;
  }
}

const digest = (data: string | Uint8Array): string =>
  createHash('sha1').update(data).digest('base64').slice(0, 16);

/** Creates a bill. With `file`, every line is appended to it and read back at the next start. */
export function createBill(file?: string) {
  const entries: BillEntry[] = [];
  const times = new Map<string, number>();
  const totals: BillTotals = { requests: 0, inputs: 0, tokens: 0, costNanos: 0, boughtTwice: 0 };

  const add = (entry: BillEntry, keys: readonly string[]): void => {
    entries.push(entry);
    totals.requests += 1;
    totals.tokens += entry.tokens;
    totals.costNanos += entry.costNanos;
    for (const key of keys) {
      const before = times.get(key) ?? 0;
      times.set(key, before + 1);
      totals.inputs += 1;
      if (before > 0) totals.boughtTwice += 1;
    }
  };

  if (file !== undefined && existsSync(file)) {
    const text = readFileSync(file, 'utf8');
    // Otherwise the next line would be appended to a half-written one.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n');
    for (const line of text.split('\n')) {
      const read = parse(line);
      if (read !== null) add(read.entry, read.keys);
    }
  }

  return {
    /** Books a request. `texts`: those charged; `vectors`: one for each, before any fault spoils it. */
    book(
      entry: BillEntry,
      model: string,
      texts: readonly string[],
      vectors: readonly Float32Array[] = [],
    ): void {
      const keys = texts.map((text) => digest(`${model}\0${text}`));
      const booked = model === '' ? entry : { ...entry, model };
      add(booked, keys);
      if (file === undefined) return;
      const line: Line = {
        keys,
        vectors: vectors
          .slice(0, keys.length)
          .map(({ buffer, byteOffset, byteLength }) =>
            digest(new Uint8Array(buffer, byteOffset, byteLength)),
          ),
        entry: booked,
      };
      appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    },
    totals: (): BillTotals => ({ ...totals }),
    read: (): Bill => ({ ...totals, entries: [...entries] }),
  };
}
