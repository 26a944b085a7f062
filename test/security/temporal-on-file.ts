import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporal as proto } from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { TASK_QUEUE, WORKFLOW_ID, WORKFLOW_TYPE } from '../../src/contract/names.js';
import { findTemporalCli } from '../../src/local/temporal/find-binary.js';
import { type Scene, setScene } from '../e2e/scene.js';
import { cacheDir } from '../support/places.js';

/** A scene with a Temporal of its own whose database is a file, to see what becomes plain in it. */
export interface OpenBook extends Scene {
  address: string;
  /** What the Web UI shows as Markdown: summary, and details while a worker is up. */
  webUi(): Promise<{ summary: string; details: string }>;
  /** Waits until the run has failed; how that looks to those who have no key. */
  failure(): Promise<unknown>;
  /** Starts a run in plain, as whoever reaches Temporal without our key could. */
  plant(request: object): Promise<void>;
  /** All that Temporal holds of the run: its history as protobuf, and its database's files, byte by byte. */
  bytes(): Promise<{ history: string; database: string }>;
}

export async function setOpenBook(samples: number): Promise<OpenBook> {
  const scene = await setScene(samples, { latencyMs: 100 });
  const dbFilename = join(scene.path, 'server.db');
  const path = await findTemporalCli({ pathVar: process.env.PATH ?? '', cacheDir, log: () => undefined });
  const server = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path }, dbFilename },
  });
  const env = { TEMPORAL_ADDRESS: server.address, CONCURRENCY: '1', BATCH_SIZE: '10' };
  return {
    ...scene,
    address: server.address,
    run: (args, more = {}) => scene.run(args, { ...env, ...more }),
    start: (args, more = {}) => scene.start(args, { ...env, ...more }),
    async webUi() {
      const handle = server.client.workflow.getHandle('embed-samples');
      const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      const summary = await (await handle.describe()).staticSummary();
      return { summary: summary ?? '', details: metadata.currentDetails ?? '' };
    },
    failure: () =>
      server.client.workflow
        .getHandle('embed-samples')
        .result()
        .catch((error: Error) => error.message),
    async plant(request) {
      await server.client.workflow.start(WORKFLOW_TYPE, {
        workflowId: WORKFLOW_ID,
        taskQueue: TASK_QUEUE,
        args: [request],
      });
    },
    async bytes() {
      const history = await server.client.workflow.getHandle('embed-samples').fetchHistory();
      const files = ['', '-wal', '-journal'].map((ending) => read(`${dbFilename}${ending}`));
      return {
        history: Buffer.from(proto.api.history.v1.History.encode(history).finish()).toString('latin1'),
        database: files.join(''),
      };
    },
    async close() {
      await server.teardown();
      await scene.close();
    },
  };
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};
