/**
 * Traces with OpenTelemetry. They are off, and nothing of them is loaded, unless OpenTelemetry's own variables name a
 * destination. Only environment variables count, not `.env`: the `.env` of another user's folder must not send
 * anything.
 */

import { ownVersion } from '../version.js';
import { areTracesEnabled } from './asked.js';
import type { Traces } from './types.js';

let starting: Promise<Traces | null> | null = null;
let started: Traces | null = null;

/** Starts the traces once per process; null if the environment does not ask for them. */
export function startTraces(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Traces | null> {
  if (!areTracesEnabled(env)) return Promise.resolve(null);
  starting ??= import('./open-traces.js').then(({ openTraces }) => {
    started = openTraces(env, ownVersion());
    return started;
  });
  return starting;
}

/** Returns the started traces; null: none. */
export const currentTraces = (): Traces | null => started;
