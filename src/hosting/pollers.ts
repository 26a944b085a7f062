import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Settings } from '../config.js';
import { libraryQueueOf, taskQueueOf } from '../contract/names.js';

const { TaskQueueType } = proto.temporal.api.enums.v1;
/** A poll lasts a minute: a worker that has not polled for longer is gone. Milliseconds. */
const GONE_MS = 70_000;

/** The workers that poll, as Temporal knows them: `pid@host`. */
export interface Pollers {
  /** Workers of the run's store. */
  ours: string[];
  /** Workers of the same collection name over other stores: they do nothing for the run. */
  others: string[];
}

/** Returns the workers that poll for a collection's work. A killed worker stays among them for a minute. */
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
  // The collection and the store follow it.
  return [...new Set(alive.map(({ identity }) => identity?.split(' ')[0] ?? ''))].filter(Boolean).sort();
}
