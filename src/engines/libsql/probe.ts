import { zeroTotals } from '../../contract/progress.js';
import type { BatchCommit, NumberForm } from '../types.js';
import { writeVector } from '../vector-form.js';
import { commitStatements } from './commit.js';
import { errorText, isRefusal } from './errors.js';
import type { GenerationScope } from './generations/scope.js';
import type { GenerationTables } from './generations/tables.js';
import { open } from './ledger.js';
import { refusalFault } from './refusal.js';
import { saveStatements } from './runs.js';

export interface Probe {
  sampleId: number;
  /** Numbers in a stored vector. */
  dimensions: number;
  /** Default float32. */
  form?: NumberForm;
  model: string;
}

/** Rolls back the transaction with a statement that always fails; its constraint's name tells it from refusals. */
const ROLL_BACK = 'INSERT INTO embedding_fence (id, value) VALUES (2, 0)';
const ROLLED_BACK = /CHECK constraint failed: one_counter/;

const ID = 'probe';
/** Greater than any token: the probe's row is written whatever the sample has. */
const FENCE = Number.MAX_SAFE_INTEGER;

/** Creates the check that the database accepts what a run writes, before anything is paid. */
export const createProbe = (scope: GenerationScope) => ({
  async probeWrite(probe: Probe): Promise<void> {
    try {
      await scope.write('probe', (tables) => [...statements(tables, probe), ROLL_BACK]);
    } catch (error) {
      if (ROLLED_BACK.test(errorText(error))) return;
      if (!isRefusal(error)) throw error;
      throw refusalFault(error, 'then embeddings resume');
    }
    throw new Error('the store (probe): what was to be rolled back may have been stored');
  },
});

/** Returns every statement of a purchase: the row is inserted, updated and copied, its failure written and deleted. */
function statements(tables: GenerationTables, { sampleId, dimensions, form = 'float32', model }: Probe) {
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
    {
      vectors: [
        { ...text, vector: writeVector(new Float32Array(dimensions).fill(1 / Math.sqrt(dimensions)), form) },
      ],
      settlements: [settlement],
    },
    { copies: [text] },
  ];
  return [
    ...saveStatements({
      ...{ runId: ID, workflowId: ID, request: '{}', state: 'planning', reason: null, startedAt: now },
      ...{ sequence: 0, totals: zeroTotals() },
    }),
    open(attempt, { leaseMs: 0, generation: tables.number, again: 'claimed' }),
    ...steps.flatMap((step) => commitStatements(tables, { ...commit, ...step }, 0)),
  ];
}
