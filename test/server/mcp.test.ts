import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../src/server/listen.js';
import { appOf, type Stage, setStage } from './stage.js';

const CLIENT = fileURLToPath(new URL('../../dist/client.js', import.meta.url));

let stage: Stage;
let listening: Listening;
let client: Client;
beforeAll(async () => {
  stage = await setStage(120);
  listening = await listen(appOf(stage.library).app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await listening?.close();
  await stage?.close();
});
afterEach(() => client?.close());

const connect = async (how: string): Promise<void> => {
  client = new Client({ name: 'a test', version: '1' });
  await client.connect(
    how === 'stdio'
      ? new StdioClientTransport({
          command: process.execPath,
          args: [CLIENT, 'mcp'],
          cwd: stage.path,
          env: { ...stage.env, PATH: process.env.PATH ?? '' },
        })
      : new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${listening.port}/mcp`)),
  );
};
const call = async (name: string, args: Record<string, unknown> = {}) => {
  const answer = await client.callTool({ name, arguments: args });
  return {
    isError: answer.isError === true,
    ...(answer.structuredContent as object),
    content: answer.content,
  };
};

it('on stdin, a line that is no message is answered, and whoever closes stdout ends it', async () => {
  const mcp = spawn(process.execPath, [CLIENT, 'mcp'], {
    cwd: stage.path,
    env: { ...stage.env, PATH: process.env.PATH ?? '', OPENROUTER_API_KEY: '' },
  });
  const ended = once(mcp, 'exit');
  const said = text(mcp.stderr);
  const lines = createInterface(mcp.stdout)[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await lines.next()).value ?? '') as unknown;
  mcp.stdin.write('{bad\n');
  expect(await answer()).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32_700 } });
  mcp.stdin.write('{"hello":1}\n');
  expect(await answer()).toMatchObject({ id: null, error: { code: -32_600 } });
  mcp.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  expect(await answer()).toMatchObject({ id: 1, result: {} });
  mcp.stdout.destroy();
  mcp.stdin.on('error', () => undefined);
  mcp.stdin.write('{"jsonrpc":"2.0","id":2,"method":"ping"}\n');
  expect(await ended).toEqual([0, null]);
  expect(await said).toMatch(/OPENROUTER_API_KEY is not set/);
});

describe.each(['stdio', 'http'])('by %s', (how) => {
  it('an assistant learns what the library is, and finds, compares and looks up', async () => {
    await connect(how);
    expect(client.getInstructions()).toMatch(/library of 120 audio samples; 120 of them can be found/);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual([
      'get_sample',
      'library_status',
      'make_kit',
      'search_samples',
      'similar_samples',
      'usage',
    ]);
    const buying = tools.filter(({ annotations }) => annotations?.openWorldHint === true);
    expect(buying.map(({ name }) => name)).toEqual(['search_samples', 'similar_samples', 'make_kit']);
    for (const { description } of buying) expect(description).toMatch(/is bought for a fraction of a cent/);
    for (const { annotations, outputSchema } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
      expect(outputSchema?.type).toBe('object');
    }
    const found = (await call('search_samples', {
      query: 'warm and slow',
      where: ['bpm=60-120'],
      limit: 3,
    })) as unknown as {
      samples: { id: number; fields: { bpm: number } }[];
    };
    expect(found.samples).toHaveLength(3);
    for (const { fields } of found.samples) expect(fields.bpm).toBeLessThanOrEqual(120);
    const listed = (await call('search_samples', {
      where: ['bpm=60-120'],
      limit: 3,
    })) as unknown as typeof found;
    expect(listed).toMatchObject({ isError: false, cost_usd: null });
    expect(listed.samples).toHaveLength(3);
    const [first] = found.samples;
    const near = (await call('similar_samples', { like: [first?.id], limit: 4 })) as unknown as typeof found;
    expect(near.samples.map(({ id }) => id)).not.toContain(first?.id);
    expect(await call('get_sample', { id: first?.id })).toMatchObject({ sample: { id: first?.id } });
    const kit = await call('make_kit', { brief: 'dusty hip hop, 90 bpm, A minor', pads: 8 });
    expect(kit).toMatchObject({ isError: false, pads: expect.any(Array), notes: expect.any(Array) });
    expect(await call('make_kit', { brief: 'dusty hip hop, 90 bpm, A minor', pads: 8 })).toMatchObject({
      pads: (kit as unknown as { pads: { sample: { id: number } }[] }).pads.map(({ sample }) => ({
        sample: { id: sample.id },
      })),
    });
    expect(await call('library_status')).toMatchObject({ samples: 120, stored: 120, failed: 0 });
    expect(await call('usage')).toMatchObject({ searches_today: expect.any(Number) });
  });

  it('what is wrong is an answer that says the cure', async () => {
    await connect(how);
    expect(await call('search_samples', { query: 'x', where: ['gnere=techno'] })).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: expect.stringMatching(/did you mean genre/) }],
    });
    expect(await call('search_samples')).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: expect.stringMatching(/the query is empty/) }],
    });
    expect(await call('search_samples', { query: 'x', limt: 3 })).toMatchObject({
      isError: true,
      content: [
        { type: 'text', text: expect.stringMatching(/limt is no argument .*: did you mean limit\?/) },
      ],
    });
    expect(await call('get_sample', { id: 999_999 })).toMatchObject({ isError: true });
    expect(await call('search_samples', { query: 'x', where: ['genre=polka'] })).toMatchObject({
      isError: false,
      samples: [],
      empty: expect.stringMatching(/no sample of the catalog fits/),
    });
  });
});
