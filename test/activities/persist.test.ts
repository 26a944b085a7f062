import { describe, expect, it, vi } from 'vitest';
import { persistently } from '../../src/activities/persist.js';
import { blockedFault, Unavailable } from '../../src/fault.js';

vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

/** A write that fails so often. */
function failing(times: number, error: Error) {
  const write = vi.fn(async () => {
    if (write.mock.calls.length <= times) throw error;
    return 'written';
  });
  return write;
}
const away = new Unavailable('down', 'the store does not answer');

describe('a write of what is paid for', () => {
  it('waits for a store that does not answer, far longer than for any other error', async () => {
    expect(await persistently(failing(50, away), () => true)).toBe('written');
    const other = failing(50, new Error('SQLITE_ERROR'));
    await expect(persistently(other, () => true)).rejects.toThrow('SQLITE_ERROR');
    expect(other).toHaveBeenCalledTimes(6);
  });

  it('does not wait where it must not: the run was cancelled, the worker stops', async () => {
    const write = failing(50, away);
    let asked = 0;
    await expect(persistently(write, () => ++asked < 10)).rejects.toBe(away);
    expect(write).toHaveBeenCalledTimes(10);
  });

  it('does not repeat what a person must cure', async () => {
    const write = failing(50, blockedFault('the disk is full'));
    await expect(persistently(write, () => true)).rejects.toThrow('the disk is full');
    expect(write).toHaveBeenCalledTimes(1);
  });
});
