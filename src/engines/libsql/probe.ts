import { zeroTotals } from '../../contract/progress.js';
import type { BatchCommit } from '../types.js';
import { commitStatements } from './commit.js';
import type { StoreConnection } from './connection.js';
import { isRefusal, said } from './errors.js';
import { open } from './ledger.js';
import { refusalFault } from './refusal.js';
import { saveStatements } from './runs.js';

export interface Probe {
  sampleId: number;
  dimensions: number;
  model: string;
}

/** Undoes the transaction by a statement that no database can take; its constraint's name tells it from refusals. */
const ROLL_BACK = 'INSERT INTO embedding_fence (id, value) VALUES (2, 0)';
const ROLLED_BACK = /CHECK constraint failed: one_counter/;

const ID = 'probe';
/** Newer than any: the probe's row is written whatever the sample has. */
const FENCE = Number.MAX_SAFE_INTEGER;

/** Asks the database, before anything is paid, whether it takes what a run writes. */
export const createProbe = (connection: StoreConnection) => ({
  async probeWrite(probe: Probe): Promise<void> {
    try {
      await connection.write('probe', [...statements(probe), ROLL_BACK]);
    } catch (error) {
      if (ROLLED_BACK.test(said(error))) return;
      if (!isRefusal(error)) throw error;
      throw refusalFault(error, 'then embeddings resume');
    }
    throw new Error('the store (probe): what was to be rolled back may have been stored');
  },
});

/** Every statement of a purchase: the row is inserted, updated and copied, its failure written and deleted. */
function statements({ sampleId, dimensions, model }: Probe) {
  const now = new Date().toISOString();
  const attempt = {
    ...{ requestId: ID, runId: ID, batchId: ID, model, boundNanos: 0, hashes: [ID] },
    operation: 'embeddings' as const,
  };
  const commit: BatchCommit = {
    ...{ runId: ID, batchId: ID, model, runStartedAt: now, fence: FENCE, notedDelta: 0 },
    ...{ vectors: [], copies: [], failures: [], settlements: [] },
  };
  const text = { sampleId, text: 'a sample', contentHash: ID };
  const failure = { sampleId, reason: ID, message: ID, contentHash: ID, permanent: true, attempts: 1 };
  const settlement = {
    requestId: ID,
    status: 'settled',
    tokens: 0,
    costNanos: 0,
    costSource: 'provider',
  } as const;
  const steps: Partial<BatchCommit>[] = [
    { failures: [failure] },
    { vectors: [{ ...text, vector: unitVector(dimensions) }], settlements: [settlement] },
    { copies: [text] },
  ];
  return [
    ...saveStatements({
      ...{ runId: ID, workflowId: ID, request: '{}', state: 'planning', reason: null, startedAt: now },
      ...{ sequence: 0, totals: zeroTotals() },
    }),
    open(attempt, 0, 'claimed'),
    ...steps.flatMap((step) => commitStatements({ ...commit, ...step }, 0)),
  ];
}

/** Little-endian float32, of length 1. */
function unitVector(dimensions: number): Uint8Array {
  const bytes = new Uint8Array(4 * dimensions);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < dimensions; at++) view.setFloat32(4 * at, 1 / Math.sqrt(dimensions), true);
  return bytes;
}
