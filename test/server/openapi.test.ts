import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appOf, type Stage, setStage } from './stage.js';

let stage: Stage;
let ask: ReturnType<typeof appOf>['ask'];
let document: { paths: Record<string, Record<string, Operation>> };
let id: number;

interface Operation {
  parameters?: { name: string; schema: { minimum?: number; maximum?: number } }[];
  responses: Record<string, { content?: Record<string, unknown> }>;
}

beforeAll(async () => {
  stage = await setStage(60);
  const library = await stage.open(undefined, { SAMPLES_ROOT: stage.path });
  ({ ask } = appOf(library));
  document = (await (await ask('/openapi.json')).json()) as typeof document;
  const { hits } = await library.search('warm', { mode: 'text', limit: 60 });
  const hit = hits.find(({ path }) => path !== null);
  id = Number(hit?.sample_id);
  const file = join(stage.path, hit?.path ?? '');
  mkdirSync(dirname(file), { recursive: true });
  const wav = Buffer.alloc(44 + 800);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + 800, 4);
  wav.write('WAVEfmt ', 8);
  for (const [at, value, bytes] of [
    [16, 16, 4],
    [20, 1, 2],
    [22, 1, 2],
    [24, 8000, 4],
    [28, 16_000, 4],
    [32, 2, 2],
    [34, 16, 2],
  ] as const)
    wav.writeUIntLE(value, at, bytes);
  wav.write('data', 36);
  wav.writeUInt32LE(800, 40);
  writeFileSync(file, wav);
});
afterAll(() => stage?.close());

const templateOf = (path: string): string =>
  Object.keys(document.paths).find((template) =>
    new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path.split('?')[0] ?? ''),
  ) ?? '';

const json = (body: unknown) => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'content-type': 'application/json' } as Record<string, string>,
});

it.each([
  ['/api/v1/search/vibe?query=dark', {}, 200],
  ['/api/v1/search/vibe', {}, 400],
  ['/api/v1/search/similar/999999', {}, 404],
  ['/api/v1/search?q=dusty', {}, 200],
  ['/api/v1/search?like=999999', {}, 404],
  ['/api/v1/search?q=a&cursor=zz', {}, 400],
  ['/api/v1/facets', {}, 200],
  ['/api/v1/facets?where=foo=1', {}, 400],
  ['/api/v1/samples/999999', {}, 404],
  [`/api/v1/samples/${'9'.repeat(3000)}`, {}, 400],
  ['/api/v1/samples/999999/preview', {}, 404],
  ['/api/v1/samples/ID/preview', {}, 200],
  ['/api/v1/samples/ID/download', {}, 200],
  ['/api/v1/samples/ID/preview', { headers: { range: 'bytes=0-9' } }, 206],
  ['/api/v1/samples/ID/preview', { headers: { range: 'bytes=99999-' } }, 416],
  ['/api/v1/status', {}, 200],
  ['/api/v1/status', { headers: { origin: 'http://evil.example' } }, 403],
  ['/api/v1/take', json({ ids: ['ID'], form: 'json' }), 200],
  ['/api/v1/take', json({ ids: ['ID'], form: 'csv' }), 200],
  ['/api/v1/take', json({ ids: ['ID'], form: 'm3u8' }), 200],
  ['/api/v1/take', json({ ids: ['ID'], form: 'zip' }), 200],
  ['/api/v1/take', json({ ids: [], form: 'zip' }), 400],
  ['/api/v1/take', json({ ids: [999_999], form: 'zip' }), 404],
  ['/api/v1/take', json('{bad'), 400],
  ['/api/v1/take', { ...json('{}'), headers: { 'content-type': 'text/plain' } }, 415],
  ['/api/v1/take', json(`"${'x'.repeat(2_000_000)}"`), 413],
] as [string, RequestInit & { headers?: Record<string, string> }, number][])(
  'what %s may come to is described (%#)',
  async (path, init, status) => {
    const body = typeof init.body === 'string' ? init.body.replace('"ID"', String(id)) : undefined;
    const answer = await ask(path.replace('ID', String(id)), init.headers ?? {}, {
      ...init,
      ...(body !== undefined && { body }),
    });
    expect(answer.status).toBe(status);
    const described = document.paths[templateOf(path)]?.[(init.method ?? 'GET').toLowerCase()];
    const response = described?.responses[String(status)];
    expect(response).toBeDefined();
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    const types = Object.keys(response?.content ?? {});
    if (types.length > 0)
      expect(
        types.some((each) => each === type || (each.endsWith('/*') && type.startsWith(each.slice(0, -1)))),
        type,
      ).toBe(true);
    if (status < 400) return void (await answer.arrayBuffer());
    expect(Object.keys((await answer.json()) as object).sort()).toEqual(['code', 'detail']);
  },
);

it('numbers are described with their bounds', () => {
  const of = (path: string, name: string) =>
    document.paths[path]?.get?.parameters?.find((each) => each.name === name)?.schema;
  expect(of('/api/v1/search', 'min_similarity')).toMatchObject({ minimum: -1, maximum: 1 });
  expect(of('/api/v1/search/vibe', 'energy_min')).toMatchObject({ minimum: 0, maximum: 1 });
  expect(of('/api/v1/search/vibe', 'limit')).toMatchObject({ minimum: 1, maximum: 100 });
});
