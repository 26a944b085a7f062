import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { workflowBundle } from '../support/time-skipping.js';

const folder = new URL('histories/', import.meta.url);
const histories = readdirSync(folder);
/** Where a workflow's spans would go. */
const NOWHERE = { export: { fn: () => undefined } };

describe('committed histories', () => {
  it('are there', () => {
    expect(histories.length).toBeGreaterThan(0);
  });

  it.each(histories)('%s replays on the code of today', async (name) => {
    const history = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    expect(history.events.length).toBeGreaterThan(10);
    await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history, 'embed-samples');
  });

  it.each(histories)('%s replays on a worker with traces, recorded with them or without', async (name) => {
    const history = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    const options = { workflowBundle: await workflowBundle(true), sinks: { exporter: NOWHERE } };
    await Worker.runReplayHistory(options, history, 'embed-samples');
  });

  it('would not replay on code that decides otherwise', async () => {
    const history = JSON.parse(readFileSync(new URL(histories[0] as string, folder), 'utf8'));
    const scheduled = history.events.find(
      (event: { activityTaskScheduledEventAttributes?: object }) =>
        event.activityTaskScheduledEventAttributes,
    );
    scheduled.activityTaskScheduledEventAttributes.activityType.name = 'somethingElse';
    await expect(
      Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history, 'embed-samples'),
    ).rejects.toThrow(/[Nn]ondeterminism/);
  });
});
