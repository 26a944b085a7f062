import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { declaredCollections } from '../../src/collections/config-file.js';
import { configJsonSchema, configSchema } from '../../src/collections/config-schema.js';

const blocks = [...readFileSync('docs/collections.md', 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(
  ([, text = '']) => text,
);
const settings = {
  model: 'openai/text-embedding-3-small',
  dimensions: 1536,
  catalogUrl: null,
  storeUrl: null,
  storeToken: null,
  environment: { DATABASE_URL: 'postgresql://reader:secret@db/library' },
  fromFile: new Set<string>(),
  home: '/srv/library/.embeddings',
};

test('embeddings.config.schema.json is what `npm run schema` writes, and is in the package', () => {
  expect(JSON.parse(readFileSync('embeddings.config.schema.json', 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(configJsonSchema())),
  );
  expect(JSON.parse(readFileSync('package.json', 'utf8')).files).toContain('embeddings.config.schema.json');
});

test('the schema names all that may be declared, with a description', () => {
  const described = (schema: Record<string, unknown>): string[] =>
    Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>).flatMap(
      ([name, value]) => [...(value.description === undefined ? [name] : []), ...described(value)],
    );
  const schema = configJsonSchema() as { properties: { collections: { additionalProperties: object } } };
  expect(described(schema.properties.collections.additionalProperties as Record<string, unknown>)).toEqual(
    [],
  );
});

test('the examples of the documents can be read', () => {
  expect(blocks).toHaveLength(2);
  for (const block of blocks) configSchema.parse(parse(block));
  const [drums, loops] = blocks.map(
    (block) => declaredCollections(block, '/srv/x.yaml', '/srv', settings)[0],
  );
  expect(drums?.catalogUrl).toBe('postgresql://reader:secret@db/library');
  expect(loops).toMatchObject({ catalogUrl: '/srv/loops.db', model: { query: { prefix: 'query: ' } } });
});

test("the documents' example of a text is what the template gives", () => {
  const [drums] = declaredCollections(blocks[0] ?? '', '/srv/x.yaml', '/srv', settings);
  const row = {
    id: 1,
    name: 'Kick 01',
    pack: 'Dusty Breaks',
    bpm: '92.50',
    musical_key: null,
    tags: ['dusty', 'warm'],
    analysis: { mood: { primary: 'Dark' } },
  };
  const [, text] = /```text\n(Title.*?)\n```/s.exec(readFileSync('docs/collections.md', 'utf8')) ?? [];
  expect(drums?.text.render(row)).toEqual({ text, notes: [] });
});
