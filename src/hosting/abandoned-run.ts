import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Settings } from '../config.js';
import { RunAttributes } from '../contract/attributes.js';
import type { OwnLibrary } from './own-library.js';
import { configuredTemporal } from './temporal.js';

/**
 * Terminates the open run if it has bought nothing and its store no longer exists: nothing is lost, and no worker would
 * go on with it. Only in one-command mode, where no other machine can hold that store. Resolves with false when the run
 * is kept.
 */
export async function endAbandoned(
  client: Client,
  workflowId: string,
  settings: Settings,
  ours: OwnLibrary,
): Promise<boolean> {
  if (ours !== null || configuredTemporal(settings) !== null) return false;
  const handle = client.workflow.getHandle(workflowId);
  const { typedSearchAttributes: shown } = await handle.describe();
  const state = shown.get(defineSearchAttributeKey(RunAttributes.state.name, RunAttributes.state.type));
  const cost = shown.get(defineSearchAttributeKey(RunAttributes.costUsd.name, RunAttributes.costUsd.type));
  if (cost !== 0 || (state !== 'blocked' && state !== 'paused')) return false;
  await handle.terminate('it had bought nothing, and its store is gone');
  return true;
}
