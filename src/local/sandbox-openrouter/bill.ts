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
  /** Of costNanos: what a key of the account's own paid to the model's provider. */
  upstreamNanos?: number;
  cached: boolean;
  /** Left out where the request was not understood, or refused. */
  model?: string;
  /** Of a request that opted in to the response cache: a restarted sandbox still answers its repeat for free. */
  cacheKey?: string;
  /** Epoch ms. */
  cachedUntil?: number;
  /** When the request was read, ISO time, UTC: between then and `at` it was under way. */
  since?: string;
  /** The kind of fault that befell an answer which was charged all the same. */
  fault?: string;
}

/** One line of the bill's file: what was charged, and which vector each text was given (digests, in request order). */
interface Line {
  entry: BillEntry;
  keys: string[];
  vectors?: string[];
}

/** What the provider has charged: the truth that the product's ledger is held against. */
export interface BillTotals {
  /** Requests with a good key that asked for embeddings, refused and broken ones included. */
  requests: number;
  /** Texts that were charged. */
  inputs: number;
  tokens: number;
  costNanos: number;
  /** Texts charged more often than once, counted each further time. */
  boughtTwice: number;
}

export interface Bill extends BillTotals {
  entries: BillEntry[];
}

/** Null for a line that a killed process left half written: it was not acknowledged either. */
function parse(line: string): Line | null {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return null;
  }
}

const digest = (data: string | Uint8Array): string =>
  createHash('sha1').update(data).digest('base64').slice(0, 16);

/** A bill; with `file`, every line is appended to it and read back at the next start. */
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
    // The next line must not be glued to half a one.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n');
    for (const line of text.split('\n')) {
      const read = parse(line);
      if (read !== null) add(read.entry, read.keys);
    }
  }

  return {
    /** Books a request; `texts` are those charged, `vectors` what each is given, before any fault spoils it. */
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
