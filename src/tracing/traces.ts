/**
 * Traces by OpenTelemetry: off, and none of it loaded, unless OpenTelemetry's own variables name where spans go. Only the
 * environment can: `.env` of somebody else's folder sends nothing anywhere.
 */

import { ownVersion } from '../version.js';
import { tracesAsked } from './asked.js';
import type { Traces } from './types.js';

let starting: Promise<Traces | null> | null = null;
let started: Traces | null = null;

/** Starts them, once a process; null where nobody asks for them. */
export function startTraces(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Traces | null> {
  if (!tracesAsked(env)) return Promise.resolve(null);
  starting ??= import('./open-traces.js').then(({ openTraces }) => {
    started = openTraces(env, ownVersion());
    return started;
  });
  return starting;
}

/** Those that were started; null: none were. */
export const currentTraces = (): Traces | null => started;
