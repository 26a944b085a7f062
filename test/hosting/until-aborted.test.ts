import { setImmediate as turn } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { untilAborted } from '../../src/hosting/until-aborted.js';

it('a wait of many polls, each of which leaves a listener on the signal, makes Node warn of nothing', async () => {
  const warned: Error[] = [];
  const note = (warning: Error): number => warned.push(warning);
  process.on('warning', note);
  const { signal } = new AbortController();
  const client = {
    async withAbortSignal(given, work) {
      for (let poll = 0; poll < 100; poll += 1) given.addEventListener('abort', () => undefined);
      return work();
    },
  } satisfies Pick<Client, 'withAbortSignal'>;
  expect(await untilAborted(client, signal, async () => 'over')).toBe('over');
  await turn();
  process.off('warning', note);
  expect(warned).toEqual([]);
});
