import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../src/server/listen.js';
import { CLIENT } from '../support/cli.js';
import { startMcp } from './mcp-process.js';
import { appOf, type Stage, setStage } from './stage.js';

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

it('says on stderr what is missing, and in the instructions', async () => {
  const mcp = startMcp(stage, { OPENROUTER_API_KEY: '' });
  const initialize = {
    ...{ protocolVersion: '2025-06-18', capabilities: {} },
    clientInfo: { name: 'a test', version: '1' },
  };
  mcp.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize });
  expect(await mcp.next()).toMatchObject({
    result: { instructions: expect.stringMatching(/OPENROUTER_API_KEY is not set/) },
  });
  mcp.child.stdin.end();
  expect((await mcp.ended).stderr).toMatch(/OPENROUTER_API_KEY is not set/);
});

describe.each(['stdio', 'http'])('by %s', (how) => {
  beforeAll(() => connect(how));
  afterAll(() => client?.close());

  it('an assistant learns what the library is, and finds, compares and looks up', async () => {
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

  it.each([
    ['usage', { x: 1 }, 'x is no argument of this tool: it takes none'],
    ['library_status', { verbose: true }, 'verbose is no argument of this tool: it takes none'],
    ['search_samples', { query: 'x', limt: 3 }, 'limt is no argument of this tool: did you mean limit?'],
    ['get_sample', { id: 1, x: 1 }, 'x is no argument of this tool: there are id'],
    ['search_samples', { limit: 0 }, 'limit must be a whole number from 1 to 100, got 0'],
    ['search_samples', { limit: 101 }, 'limit must be a whole number from 1 to 100, got 101'],
    ['search_samples', { limit: 1.5 }, 'limit must be a whole number from 1 to 100, got 1.5'],
    ['search_samples', { limit: 1e30 }, 'limit must be a whole number from 1 to 100, got 1e+30'],
    ['search_samples', { limit: '5' }, 'limit must be a whole number from 1 to 100, got "5"'],
    ['search_samples', { limit: null }, 'limit must be a whole number from 1 to 100, got null'],
    ['search_samples', { limit: [5] }, 'limit must be a whole number from 1 to 100, got a list'],
    ['search_samples', { query: '' }, 'query is empty: give some text'],
    ['search_samples', { query: ['x'] }, 'query must be text, got a list'],
    [
      'search_samples',
      { query: 'x'.repeat(4001) },
      'query has more than 4,000 characters: ask in fewer words',
    ],
    ['search_samples', { mode: 'words' }, 'mode must be hybrid, vector or text, got "words"'],
    ['search_samples', { mode: 'x'.repeat(41) }, 'mode must be hybrid, vector or text, got a long text'],
    ['search_samples', { where: 'genre=techno' }, 'where must be a list, got "genre=techno"'],
    ['search_samples', { where: ['a=b', 5] }, 'where.1 must be text, got 5'],
    ['search_samples', { where: Array(21).fill('a=b') }, 'where has more than 20 conditions: leave some out'],
    ['similar_samples', {}, 'like is missing: give a list'],
    ['similar_samples', { like: [] }, 'like is empty: name a sample'],
    ['similar_samples', { like: 5 }, 'like must be a list, got 5'],
    ['similar_samples', { like: [1, {}] }, 'like.1 must be a number or text, got an object'],
    ['similar_samples', { like: Array(21).fill(1) }, 'like names more than 20 samples: leave some out'],
    ['make_kit', {}, 'brief is missing: give text'],
    ['make_kit', { brief: 'x', pads: 65 }, 'pads must be a whole number from 1 to 64, got 65'],
    ['make_kit', { brief: 'x', seed: -1 }, 'seed must be a whole number from 0 to 1,000,000, got -1'],
    ['get_sample', {}, 'id is missing: give a number or text'],
    ['get_sample', { id: null }, 'id must be a number or text, got null'],
  ])('%s %j is refused in plain words', async (name, args, sentence) => {
    expect(await call(name, args)).toEqual({ isError: true, content: [{ type: 'text', text: sentence }] });
  });
});
