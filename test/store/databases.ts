import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { openStore } from '../../src/store/index.js';
import type { Attempt, BatchCommit, Settlement, Store } from '../../src/store/types.js';
import { temporaryFolder } from '../support/cli.js';
import { startSqld } from '../support/sqld.js';

/** A database of one kind, and another client's eyes on it. */
export interface Site {
  url: string;
  open(): Promise<Store>;
  query(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

const siteAt = (url: string, close: () => void | Promise<void>): Site => ({
  url,
  open: () => openStore({ url }),
  async query(sql) {
    const client = createClient({ url });
    try {
      return (await client.execute(sql)).rows.map((row) => ({ ...row }));
    } finally {
      client.close();
    }
  },
  close: async () => close(),
});

export const SITES: Record<string, () => Promise<Site>> = {
  async file() {
    const folder = temporaryFolder();
    return siteAt(`file:${join(folder.path, 'store.db')}`, () => folder.remove());
  },
  async sqld() {
    const server = await startSqld();
    return siteAt(server.url, () => server.stop());
  },
};

export const attemptOf = (change: Partial<Attempt> = {}): Attempt => ({
  requestId: randomUUID(),
  runId: 'run-1',
  batchId: 'b1',
  model: 'm',
  operation: 'embeddings',
  boundNanos: 1000,
  hashes: [],
  ...change,
});

export const commitOf = (change: Partial<BatchCommit> = {}): BatchCommit => ({
  runId: 'run-1',
  batchId: 'b1',
  model: 'm',
  runStartedAt: '2026-01-01T00:00:00.000Z',
  vectors: [],
  copies: [],
  failures: [],
  settlements: [],
  notedDelta: 0,
  ...change,
});

export const vectorOf = (sampleId: number, value = sampleId, dimensions = 4) => ({
  sampleId,
  text: `text ${value}`,
  contentHash: `hash ${value}`,
  vector: new Uint8Array(new Float32Array(dimensions).fill(value + 0.5).buffer),
});

export const settled = (requestId: string, change: Partial<Settlement> = {}): Settlement => ({
  requestId,
  status: 'settled',
  tokens: 10,
  costNanos: 200,
  costSource: 'provider',
  ...change,
});
