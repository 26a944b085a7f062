import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Settings } from '../config.js';
import { libraryQueueOf, taskQueueOf } from '../contract/names.js';

const { TaskQueueType } = proto.temporal.api.enums.v1;
/** A poll lasts a minute: who has not polled for longer is gone. */
const GONE_MS = 70_000;

/** The workers that poll, by what Temporal knows of them: `pid@host`. */
export interface Pollers {
  /** Of the run's store. */
  ours: string[];
  /** Of the collection's name, over other stores: they do nothing for the run. */
  others: string[];
}

/** Who polls for a collection's work; a worker that was killed is among them for a minute. */
export async function pollersOf(
  client: Client,
  settings: Pick<Settings, 'collection'>,
  storeId: string,
): Promise<Pollers> {
  const queue = taskQueueOf(settings.collection.name);
  const [all, ours] = await Promise.all([
    pollersOn(client, queue, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
    pollersOn(client, libraryQueueOf(queue, storeId), TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
  ]);
  return { ours, others: all.filter((worker) => !ours.includes(worker)) };
}

async function pollersOn(client: Client, name: string, taskQueueType: number): Promise<string[]> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name },
    taskQueueType,
  });
  const now = Date.now();
  const alive = (pollers ?? []).filter(
    ({ lastAccessTime }) => now - Number(lastAccessTime?.seconds ?? 0) * 1000 < GONE_MS,
  );
  // Behind it are collection and store.
  return [...new Set(alive.map(({ identity }) => identity?.split(' ')[0] ?? ''))].filter(Boolean).sort();
}
