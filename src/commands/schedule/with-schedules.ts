import type { Client } from '@temporalio/client';
import { loadSettings, type Settings } from '../../config.js';
import { scheduleIdOf } from '../../contract/names.js';
import { connectClient } from '../../hosting/client.js';
import { openTemporal } from '../../hosting/temporal.js';
import type { Console } from '../console.js';

export interface Place {
  client: Client;
  settings: Settings;
  /** Returns the id of the collection's schedule of that name. */
  idOf(name: string): string;
  /** True in one-command mode. */
  embedded: boolean;
}

/** Connects to Temporal for one action. In one-command mode starts its local server, which stores the schedules. */
export async function withSchedules<T>(
  console: Console,
  act: (place: Place) => Promise<T>,
  settings = loadSettings(),
): Promise<T> {
  const target = await openTemporal(settings, console.say);
  try {
    const client = await connectClient(target);
    try {
      return await act({
        client,
        settings,
        idOf: (name) => scheduleIdOf(settings.collection.name, name),
        embedded: target.embedded,
      });
    } finally {
      await client.connection.close();
    }
  } finally {
    await target.end();
  }
}

/** Warning about schedules in one-command mode. */
export const ONLY_WHILE_DEV = 'No TEMPORAL_ADDRESS is set: it fires only while `embeddings dev` is up here.';
