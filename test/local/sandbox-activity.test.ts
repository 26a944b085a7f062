import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/local/sandbox-openrouter/index.js';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;
const open: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.stop()));
});

async function sandboxAt(clock: { now: number }, options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ key: 'sk-test', now: () => clock.now, ...options });
  open.push(sandbox);
  return sandbox;
}

const buy = async ({ baseUrl }: Sandbox, model: string, ...input: string[]): Promise<void> => {
  const response = await fetch(`${baseUrl}/embeddings`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-test', 'x-openrouter-cache': 'true' },
    body: JSON.stringify({ model, input, dimensions: 8 }),
  }).catch(() => null);
  await response?.arrayBuffer().catch(() => null);
};

const activity = async ({ baseUrl }: Sandbox, query = '', key = 'mgmt'): Promise<Response> =>
  fetch(`${baseUrl}/activity${query}`, { headers: { authorization: `Bearer ${key}` } });
const itemsOf = async (response: Response): Promise<Record<string, unknown>[]> =>
  ((await response.json()) as { data: Record<string, unknown>[] }).data;

describe('GET /activity', () => {
  it('adds the bill up by completed UTC day and model, cached repeats and lost answers included', async () => {
    const clock = { now: NOON };
    const sandbox = await sandboxAt(clock);
    await buy(sandbox, 'a/b', 'one two three');
    await buy(sandbox, 'a/b', 'one two three');
    sandbox.setFaults([{ fault: { kind: 'reset-after-billing' }, times: 1 }]);
    await buy(sandbox, 'a/b', 'four');
    await buy(sandbox, 'c/d', 'five');
    clock.now += 24 * HOUR;
    await buy(sandbox, 'a/b', 'today');
    const data = await itemsOf(await activity(sandbox));
    expect(data).toMatchObject([
      { date: '2026-11-20', model: 'a/b', requests: 3, prompt_tokens: 4, usage: 8e-8 },
      { date: '2026-11-20', model: 'c/d', requests: 1, prompt_tokens: 1, usage: 2e-8 },
    ]);
    expect(data[0]).toMatchObject({ model_permaslug: 'a/b', byok_usage_inference: 0, completion_tokens: 0 });
    expect(await itemsOf(await activity(sandbox, '?date=2026-11-19'))).toEqual([]);
  });

  it('does not count refused requests, and forgets after 30 days', async () => {
    const clock = { now: NOON };
    const sandbox = await sandboxAt(clock, {
      faults: [{ fault: { kind: 'status', status: 503 }, times: 1 }],
    });
    await buy(sandbox, 'a/b', 'refused');
    await buy(sandbox, 'a/b', 'one');
    clock.now += 30 * 24 * HOUR;
    expect(await itemsOf(await activity(sandbox))).toMatchObject([{ requests: 1 }]);
    clock.now += 24 * HOUR;
    expect(await itemsOf(await activity(sandbox))).toEqual([]);
  });

  it('is for management keys alone, and can be asked for one key', async () => {
    const clock = { now: NOON };
    const sandbox = await sandboxAt(clock, { managementKey: 'mgmt' });
    await buy(sandbox, 'a/b', 'one');
    clock.now += 24 * HOUR;
    expect((await activity(sandbox, '', 'sk-test')).status).toBe(403);
    expect((await activity(sandbox, '', 'wrong')).status).toBe(401);
    const hash = createHash('sha256').update('sk-test').digest('hex');
    expect(await itemsOf(await activity(sandbox, `?api_key_hash=${hash}`))).toHaveLength(1);
    expect(await itemsOf(await activity(sandbox, '?api_key_hash=00'))).toEqual([]);
  });
});
