import type { Client } from '@temporalio/client';
import { loadSettings, type Settings } from '../../config.js';
import { scheduleIdOf } from '../../contract/names.js';
import { connectClient } from '../../hosting/client.js';
import { openTemporal } from '../../hosting/temporal.js';
import type { Console } from '../console.js';

export interface Place {
  client: Client;
  settings: Settings;
  /** The id of the collection's schedule of that name. */
  idOf(name: string): string;
  /** True in one-command mode. */
  embedded: boolean;
}

/** Connects to Temporal for one action; in one-command mode its server is started, since schedules live in it. */
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

/** What a person has to know of schedules in one-command mode. */
export const ONLY_WHILE_DEV = 'No TEMPORAL_ADDRESS is set: it fires only while `embeddings dev` is up here.';
