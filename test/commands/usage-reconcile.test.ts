import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, type Scene, setScene } from '../e2e/scene.js';
import { raw } from '../engines/scene.js';
import { CLIENT } from '../support/cli.js';

const MODEL = 'openai/text-embedding-3-small';
const DAY_MS = 86_400_000;
const KEY = { OPENROUTER_MANAGEMENT_KEY: 'sk-mgmt' };

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(60, {
    managementKey: 'sk-mgmt',
    faults: [{ fault: { kind: 'reset-after-billing' }, times: 1 }],
  });
  expect(await scene.run(['--all', '--batch-size', '10', '--json'])).toMatchObject({ code: 0 });
  expect(await scene.run(['search', 'warm jazz'])).toMatchObject({ code: 0 });
  // Everything was yesterday, for the ledger and for the provider alike.
  await raw(
    scene.env.TURSO_DATABASE_URL ?? '',
    `UPDATE api_usage SET created_at = strftime('%Y-%m-%dT12:00:%fZ', created_at, '-1 day'),
      settled_at = strftime('%Y-%m-%dT12:00:%fZ', settled_at, '-1 day')`,
  );
  for (const entry of scene.sandbox.bill().entries)
    entry.at = new Date(Date.parse(entry.at) - DAY_MS).toISOString();
});
afterAll(() => scene?.close());

const yesterday = (): string => new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
const fetched = async (): Promise<{ data: Record<string, unknown>[] }> => {
  const response = await fetch(`${scene.sandbox.baseUrl}/activity`, {
    headers: { authorization: 'Bearer sk-mgmt' },
  });
  return (await response.json()) as { data: Record<string, unknown>[] };
};
const file = (name: string, text: unknown): string => {
  const path = join(scene.path, name);
  writeFileSync(path, typeof text === 'string' ? text : JSON.stringify(text));
  return path;
};

describe('embeddings usage --management-key', () => {
  it('explains every difference from the provider’s bill, with the attempt that got lost by name', async () => {
    const output = await scene.run(['usage', '--management-key', '--json'], KEY);
    expect(output).toMatchObject({ code: 0, stderr: '' });
    const [lost] = await raw(
      scene.env.TURSO_DATABASE_URL ?? '',
      "SELECT request_id FROM api_usage WHERE status = 'uncertain'",
    );
    const bill = scene.sandbox.bill();
    expect(json(output)).toMatchObject({
      ok: true,
      unexplained: 0,
      rows: [
        {
          day: yesterday(),
          model: MODEL,
          verdict: 'explained',
          provider: { tokens: bill.tokens, cost_nanodollars: bill.costNanos },
          ledger: { searches: 1 },
          explanations: [{ kind: 'uncertain', requests: 1, attempts: [lost?.request_id] }],
          rest: { requests: 0, tokens: 0, cost_nanodollars: 0 },
        },
      ],
    });
  });

  it('draws a table, and takes the key from stdin too', async () => {
    const child = spawn(process.execPath, [CLIENT, 'usage', '--management-key', '-'], {
      cwd: scene.path,
      env: { PATH: process.env.PATH, ...scene.env, NO_COLOR: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stdin.end('sk-mgmt\n');
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(stdout).toContain('The ledger against the activity of this key at 127.0.0.1');
    expect(stdout).toContain(`│ ${yesterday()} │ ${MODEL} │`);
    expect(stdout).toMatch(/uncertain: 1 request, .* more, whose answers got lost, billed all the same/);
    expect(stdout).toContain('Every difference is explained: 1 of 1 row\n');
  });
});

describe('embeddings usage --reconcile', () => {
  it('takes the JSON of GET /activity, as it is and as a list', async () => {
    const activity = await fetched();
    for (const path of [file('activity.json', activity), file('list.json', activity.data)])
      expect(await scene.run(['usage', '--reconcile', path])).toMatchObject({ code: 0 });
  });

  it('exits 1 where something is unexplained, and says what', async () => {
    const { data } = await fetched();
    const more = data.map((item) => ({ ...item, requests: Number(item.requests) + 3 }));
    const output = await scene.run(['usage', '--reconcile', file('more.json', { data: more })]);
    expect(output.code).toBe(1);
    expect(output.stdout).toMatch(/UNEXPLAINED: 3 requests more/);
    const less = data.map((item) => ({ ...item, prompt_tokens: 1, usage: 0 }));
    const found = await scene.run(['usage', '--reconcile', file('less.json', { data: less }), '--json']);
    expect(found.code).toBe(1);
    expect(json(found)).toMatchObject({ ok: false, unexplained: 1, rows: [{ verdict: 'unexplained' }] });
  });

  it('takes the CSV that the Activity page exports, a row a request', async () => {
    const header =
      'generation_id,created_at,cost_total,byok_usage_inference,tokens_prompt,tokens_completion,model_permaslug,app_name';
    const rows = scene.sandbox
      .bill()
      .entries.filter(({ status }) => status === 200)
      .map(
        ({ tokens, costNanos }, index) =>
          `gen-${index},${yesterday()} 12:00:00.000,${costNanos / 1e9},0,${tokens},0,${MODEL},"sample-embeddings"`,
      );
    const theirs = `gen-x,${yesterday()} 13:00:00.000,0.5,0,10,20,${MODEL},"a chat, of others"`;
    const path = file('activity.csv', [header, ...rows, theirs, ''].join('\r\n'));
    const output = await scene.run(['usage', '--reconcile', path]);
    expect(output).toMatchObject({ code: 0, stderr: '' });
    expect(output.stdout).toContain('requests of other programs');
  });

  it('says that today is not over, and compares the rest', async () => {
    const { data } = await fetched();
    const today = { ...data[0], date: new Date().toISOString().slice(0, 10) };
    const both = await scene.run(['usage', '--reconcile', file('both.json', { data: [...data, today] })]);
    expect(both.code).toBe(0);
    expect(both.stdout).toContain('Not compared: today, which is not over (UTC)');
    const alone = await scene.run(['usage', '--reconcile', file('today.json', { data: [today] })]);
    expect(alone.code).toBe(2);
    expect(alone.stderr).toMatch(/holds no completed day \(UTC\) yet/);
  });

  it.each([
    ['nothing', '', /is empty/],
    ['half a file', '{"data": [', /is not whole JSON/],
    ['another JSON', '{"models": []}', /no activity/],
    [
      'an error',
      '{"error":{"code":403,"message":"Only management keys"}}',
      /holds an error, "Only management keys"/,
    ],
    [
      'a row without a date',
      '{"data":[{"model":"m","requests":1,"prompt_tokens":1,"usage":0}]}',
      /row 1 .* date/,
    ],
    [
      'a negative count',
      '{"data":[{"date":"2026-01-01","model":"m","requests":-1,"prompt_tokens":1,"usage":0}]}',
      /requests/,
    ],
    ['another CSV', 'Model,Spend\na,1\n', /has no column created_at/],
    ['a text', 'hello', /has no column/],
    ['an unclosed quote', 'a,"b\n', /neither JSON nor CSV/],
  ])('%s is refused with the cure', async (_name, text, sentence) => {
    const { code, stderr, stdout } = await scene.run(['usage', '--reconcile', file('bad', text)]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/GET \/activity|export it again/);
  });

  it('a file that is not there is named', async () => {
    const { code, stderr } = await scene.run(['usage', '--reconcile', 'nowhere.json']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--reconcile nowhere.json cannot be read \(ENOENT\)/);
  });
});

describe('the management key', () => {
  it.each([
    ['is missing', {}, /OPENROUTER_MANAGEMENT_KEY environment variable must be set/],
    [
      'is refused',
      { OPENROUTER_MANAGEMENT_KEY: 'sk-wrong' },
      /answered 401.*openrouter.ai\/settings\/management-keys/,
    ],
    ['is an API key', { OPENROUTER_MANAGEMENT_KEY: 'sk-canary' }, /answered 403.*no management key/],
    ['cannot be a key', { OPENROUTER_MANAGEMENT_KEY: 'a b' }, /printable ASCII/],
    [
      'has nobody to ask',
      { ...KEY, OPENROUTER_BASE_URL: 'http://127.0.0.1:9/api/v1' },
      /could not be reached.*--reconcile FILE/,
    ],
  ])('%s', async (_name, env: Record<string, string>, sentence) => {
    const { code, stderr } = await scene.run(['usage', '--management-key'], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/sk-wrong|sk-canary|sk-mgmt/);
  });

  it('on the command line is refused and not repeated', async () => {
    const { code, stderr } = await scene.run(['usage', '--management-key', 'sk-mgmt']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/others could see in ps/);
    expect(stderr).not.toContain('sk-mgmt');
  });

  it('and a file are not given together, nor --shared-key without either', async () => {
    expect(await scene.run(['usage', '--management-key', '--reconcile', 'x'], KEY)).toMatchObject({
      code: 2,
    });
    const alone = await scene.run(['usage', '--shared-key']);
    expect(alone.code).toBe(2);
    expect(alone.stderr).toMatch(/--shared-key needs/);
  });
});
