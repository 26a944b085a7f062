import { closeSync, openSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type McpProcess, startMcp } from './mcp-process.js';
import { type Stage, setStage } from './stage.js';

let stage: Stage;
let mcp: McpProcess;
beforeAll(async () => {
  stage = await setStage(20, { SAMPLES_ROOT: tmpdir() });
  mcp = startMcp(stage);
});
afterAll(async () => {
  mcp?.child.stdin.end();
  await mcp?.ended;
  await stage?.close();
});

const request = (id: unknown, method: unknown, params?: unknown) => ({ jsonrpc: '2.0', id, method, params });
const callOf = (id: unknown, name: string, args?: unknown) =>
  request(id, 'tools/call', { name, arguments: args });
const error = (id: unknown, code: number, message: string) => ({
  ...{ jsonrpc: '2.0', id },
  error: { code, message },
});
/** Whatever was answered before is answered in its order, so a ping that is next shows that nothing else was. */
const isNextAnswered = async (id: string): Promise<void> => {
  mcp.send(request(id, 'ping'));
  expect(await mcp.next()).toEqual({ jsonrpc: '2.0', id, result: {} });
};

describe('a line', () => {
  it.each([1_000_001, 12_000_000, 40_000_000])(
    'of %i bytes is answered with the limit, skipped, and the next is read',
    async (bytes) => {
      mcp.line('x'.repeat(bytes));
      expect(await mcp.next()).toEqual(
        error(null, -32_600, 'the line has more than 1,000,000 bytes: send less'),
      );
      await isNextAnswered('after a long line');
    },
  );

  it('of a megabyte is read', async () => {
    const head = '{"jsonrpc":"2.0","id":"a megabyte","method":"ping","params":{"_meta":{"x":"';
    mcp.line(`${head}${'x'.repeat(1_000_000 - head.length - 4)}"}}}`);
    expect(await mcp.next()).toEqual({ jsonrpc: '2.0', id: 'a megabyte', result: {} });
  });

  it('may be empty, or end with a carriage return', async () => {
    mcp.line('');
    mcp.line(' \r');
    mcp.line(`${JSON.stringify(request(1, 'ping'))}\r`);
    expect(await mcp.next()).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  });

  it('that is no JSON is answered, with what is wrong', async () => {
    mcp.line('{bad');
    expect(await mcp.next()).toEqual(
      error(null, -32_700, expect.stringMatching(/^the line is no JSON \(.+\): send one message a line$/)),
    );
  });
});

describe('a message that is none is answered by a sentence', () => {
  const ANSWERS: [string, unknown, unknown, number, string][] = [
    [
      'a list',
      [request(1, 'ping')],
      null,
      -32_600,
      'a list of messages is not read here: send each on its own line',
    ],
    ['an empty list', [], null, -32_600, 'a list of messages is not read here: send each on its own line'],
    ['null', null, null, -32_600, 'a message must be an object, got null'],
    ['a number', 5, null, -32_600, 'a message must be an object, got 5'],
    ['an empty object', {}, null, -32_600, 'jsonrpc must be 2.0'],
    [
      'another version',
      { ...request(1, 'ping'), jsonrpc: '1.0' },
      1,
      -32_600,
      'jsonrpc must be 2.0, got "1.0"',
    ],
    ['no method', { jsonrpc: '2.0', id: 1 }, 1, -32_600, 'method is missing: give text'],
    ['a method that is no text', request(1, 7), 1, -32_600, 'method must be text, got 7'],
    [
      'one member more',
      { ...request(1, 'ping'), x: 1 },
      1,
      -32_600,
      'the message has x, which is not known here: leave it out',
    ],
    ['an id of null', request(null, 'ping'), null, -32_600, 'id must be text or a whole number, got null'],
    [
      'an id of a fraction',
      request(1.5, 'ping'),
      null,
      -32_600,
      'id must be text or a whole number, got 1.5',
    ],
    [
      'an id of an object',
      request({}, 'ping'),
      null,
      -32_600,
      'id must be text or a whole number, got an object',
    ],
    ['an id of a list', request([1], 'ping'), null, -32_600, 'id must be text or a whole number, got a list'],
    ['an id of true', request(true, 'ping'), null, -32_600, 'id must be text or a whole number, got true'],
    ['params of text', request(1, 'ping', 'x'), 1, -32_602, 'params must be an object, got "x"'],
    ['params of a list', request(1, 'ping', []), 1, -32_602, 'params must be an object, got a list'],
    ['params of null', request(1, 'ping', null), 1, -32_602, 'params must be an object, got null'],
    [
      'a _meta of text',
      request(1, 'ping', { _meta: 'x' }),
      1,
      -32_602,
      'params._meta must be an object, got "x"',
    ],
    [
      'a wrong token',
      request(1, 'ping', { _meta: { progressToken: [] } }),
      1,
      -32_602,
      'params._meta.progressToken must be text or a number, got a list',
    ],
    [
      'a method that is not there',
      request('a', 'tools/lst'),
      'a',
      -32_601,
      'there is no method tools/lst: did you mean tools/list?',
    ],
    [
      'another',
      request(0, 'resources/list'),
      0,
      -32_601,
      'there is no method resources/list: there are initialize, ping, tools/list, tools/call',
    ],
    [
      'a name of JavaScript',
      request(1, 'constructor'),
      1,
      -32_601,
      'there is no method constructor: there are initialize, ping, tools/list, tools/call',
    ],
    ['initialize without params', request(1, 'initialize'), 1, -32_602, 'params is missing: give an object'],
    [
      'initialize with nothing',
      request(1, 'initialize', {}),
      1,
      -32_602,
      'params.protocolVersion is missing: give text',
    ],
    [
      'initialize by nobody',
      request(1, 'initialize', { protocolVersion: '2025-06-18', capabilities: {} }),
      1,
      -32_602,
      'params.clientInfo is missing: give an object',
    ],
    [
      'a cursor of a number',
      request(1, 'tools/list', { cursor: 5 }),
      1,
      -32_602,
      'params.cursor must be text, got 5',
    ],
    [
      'a cursor',
      request(1, 'tools/list', { cursor: 'x' }),
      1,
      -32_602,
      'params.cursor is of no list here: leave it out, all tools come at once',
    ],
    ['a call without params', request(1, 'tools/call'), 1, -32_602, 'params is missing: give an object'],
    ['a call without a name', request(1, 'tools/call', {}), 1, -32_602, 'params.name is missing: give text'],
    [
      'a call of a number',
      request(1, 'tools/call', { name: 5 }),
      1,
      -32_602,
      'params.name must be text, got 5',
    ],
    [
      'arguments of null',
      callOf(1, 'usage', null),
      1,
      -32_602,
      'params.arguments must be an object, got null',
    ],
    [
      'arguments of text',
      callOf(1, 'usage', '{}'),
      1,
      -32_602,
      'params.arguments must be an object, got "{}"',
    ],
    [
      'arguments of a list',
      callOf(1, 'usage', []),
      1,
      -32_602,
      'params.arguments must be an object, got a list',
    ],
    [
      'a tool that is not there',
      callOf(1, 'serch_samples'),
      1,
      -32_602,
      'there is no tool serch_samples: did you mean search_samples?',
    ],
    [
      'a tool far from all',
      callOf(1, 'constructor'),
      1,
      -32_602,
      expect.stringMatching(
        /^there is no tool constructor: there are search_samples, similar_samples, /,
      ) as unknown as string,
    ],
  ];
  it.each(ANSWERS)('%s', async (_, message, id, code, sentence) => {
    mcp.send(message);
    expect(await mcp.next()).toEqual(error(id, code, sentence));
  });

  it('of a hundred thousand nested lists as well', async () => {
    mcp.line('['.repeat(100_000) + ']'.repeat(100_000));
    expect(await mcp.next()).toMatchObject({ id: null, error: { code: -32_600 } });
    const nested = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    mcp.line(
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"usage","arguments":${nested}}}`,
    );
    expect(await mcp.next()).toMatchObject({ id: 1, result: { isError: true } });
  });
});

it.each([
  ['a notification that is not known', { jsonrpc: '2.0', method: 'notifications/nothing' }],
  [
    'a notification with wrong params',
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: {} } },
  ],
  ['progress of nothing', { jsonrpc: '2.0', method: 'notifications/progress', params: {} }],
  ['a request without an id', { jsonrpc: '2.0', method: 'tools/call', params: { name: 5 } }],
  ['a response to nothing', { jsonrpc: '2.0', id: 1, result: {} }],
  ['an error without an id', { jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'x' } }],
])('%s is not answered', async (_, message) => {
  mcp.send(message);
  await isNextAnswered('after silence');
});

it('a task is no wish of this server: the call is made without it', async () => {
  mcp.send(request('a task', 'tools/call', { name: 'usage', arguments: {}, task: { ttl: 5 } }));
  expect(await mcp.next()).toMatchObject({ id: 'a task', result: { structuredContent: {} } });
});

describe('the process', () => {
  it('answers what it was asked before stdin ended, also by a last line without an end', async () => {
    const own = startMcp(stage);
    own.send(callOf(1, 'search_samples', { query: 'never asked before stdin ended' }));
    own.child.stdin.end(JSON.stringify(request(2, 'ping')));
    const answers = [await own.next(), await own.next()] as { id: number }[];
    expect(answers.map(({ id }) => id).sort()).toEqual([1, 2]);
    expect(answers.find(({ id }) => id === 1)).toMatchObject({
      result: { structuredContent: { cost_usd: expect.any(Number) } },
    });
    expect(await own.ended).toEqual({ code: 0, signal: null, stderr: expect.not.stringMatching(/\n +at /) });
  });

  it('does not wait for the answer to a request that was cancelled', async () => {
    stage.sandbox.setFaults([{ fault: { kind: 'hang' } }]);
    const own = startMcp(stage);
    own.send(callOf(1, 'search_samples', { query: 'never answered' }));
    own.send(request(2, 'ping'));
    expect(await own.next()).toMatchObject({ id: 2 });
    own.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    own.child.stdin.end();
    expect(await own.ended).toMatchObject({ code: 0 });
    stage.sandbox.setFaults([]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends at %s in the middle of a search', async (signal) => {
    stage.sandbox.setFaults([{ fault: { kind: 'hang' } }]);
    const own = startMcp(stage);
    own.send(callOf(1, 'search_samples', { query: `never answered before ${signal}` }));
    own.send(request(2, 'ping'));
    expect(await own.next()).toMatchObject({ id: 2 });
    own.child.kill(signal);
    expect(await own.ended).toEqual({ code: 0, signal: null, stderr: '' });
    stage.sandbox.setFaults([]);
  });

  it('ends without a word when stdout is closed while several answers are written', async () => {
    const own = startMcp(stage);
    own.send(request(1, 'ping'));
    await own.next();
    own.child.stdout.destroy();
    for (let id = 2; id < 50; id++) own.send(callOf(id, 'library_status'));
    expect(await own.ended).toEqual({ code: 0, signal: null, stderr: '' });
  });

  it('says why it ends when stdin cannot be read', async () => {
    const writeOnly = openSync(devNull, 'w');
    const { ended } = startMcp(stage, {}, writeOnly);
    closeSync(writeOnly);
    expect(await ended).toEqual({
      ...{ code: 4, signal: null },
      stderr: 'error: stdin cannot be read (EBADF): start the command again\n',
    });
  });
});
