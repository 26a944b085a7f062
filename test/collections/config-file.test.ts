// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the form of variables in the file
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ConfigSettings,
  declaredCollections,
  readConfigFile,
} from '../../src/collections/config-file.js';
import { LIBRARY_FILTERS, libraryText } from '../../src/collections/library-text.js';
import { loadSettings } from '../../src/config.js';
import { Fault } from '../../src/fault.js';

const settings: ConfigSettings = {
  model: 'openai/text-embedding-3-small',
  dimensions: 1536,
  catalogUrl: 'sqlite:///library.db',
  storeUrl: 'file:embeddings.db',
  storeToken: 'store-token',
  environment: {},
  fromFile: new Set(),
  home: '/srv/library/.embeddings',
};
const FILE = '/srv/library/embeddings.config.yaml';
const read = (yaml: string, changed: Partial<ConfigSettings> = {}) =>
  declaredCollections(yaml, FILE, '/srv/library/sub', { ...settings, ...changed });
/** The lines of the fault, without the file's path. */
const refusal = (yaml: string, changed: Partial<ConfigSettings> = {}): string[] => {
  try {
    read(yaml, changed);
  } catch (error) {
    if (error instanceof Fault && error.kind === 'usage')
      return error.message.split('\n').map((line) => line.replace(`${FILE}:`, ''));
    throw error;
  }
  return [];
};
/** A collection `a` of a table, with what is added below it. */
const table = (more: string) => `collections:
  a:
    source: { table: t }
    text: "{name}"
${more}`;

describe('a declared collection', () => {
  test('has all that its declaration says', () => {
    const [drums, ...others] = read(`
collections:
  drums:
    source:
      url: postgresql://reader:secret@db/library
      table: public.sounds
      id: uuid
      fields: [name, pack, bpm, key]
    text: |
      Title: {name}
      BPM: {bpm | round}
    show: [name, pack]
    filters: [bpm]
    model:
      id: intfloat/e5-large-v2
      dimensions: 1024
      document: { prefix: "passage: ", input_type: search_document }
      query: { prefix: "query: ", input_type: search_query }
    store:
      url: libsql://drums.turso.io
      token: drums-token
`);
    expect(others).toEqual([]);
    expect(drums).toMatchObject({
      name: 'drums',
      catalogUrl: 'postgresql://reader:secret@db/library',
      rows: { table: 'public.sounds', id: 'uuid', fields: ['name', 'pack', 'bpm', 'key'] },
      shown: ['name', 'pack'],
      filters: ['bpm'],
      model: {
        id: 'intfloat/e5-large-v2',
        dimensions: 1024,
        document: { prefix: 'passage: ', inputType: 'search_document' },
        query: { prefix: 'query: ', inputType: 'search_query' },
      },
      storeUrl: 'libsql://drums.turso.io',
      storeToken: 'drums-token',
    });
    expect(drums?.text.fields).toEqual(['name', 'bpm']);
    expect(drums?.text.render({ id: 1, name: 'Kick', bpm: 92.5 }).text).toBe('Title: Kick\nBPM: 92');
  });

  test('takes what it does not say from the settings, for the two tables of the library', () => {
    expect(read('collections:\n  samples: {}\n')).toEqual([
      {
        name: 'samples',
        catalogUrl: 'sqlite:///library.db',
        folder: null,
        rows: null,
        text: libraryText,
        shown: ['title', 'genre', 'bpm', 'musical_key'],
        filters: LIBRARY_FILTERS,
        file: 'file_path',
        model: { id: 'openai/text-embedding-3-small', dimensions: 1536, document: {}, query: {} },
        storeUrl: 'file:embeddings.db',
        storeToken: 'store-token',
      },
    ]);
  });

  test('reads the fields that text, show and filters name, the id besides only where it is shown', () => {
    const [a] = read(`collections:
  a:
    source: { select: "SELECT * FROM sounds;", id: path }
    text: "{path} {name} {bpm}"
    show: [name, pack, path]
    filters: [key, bpm]
`);
    expect(a).toMatchObject({
      rows: { select: 'SELECT * FROM sounds', id: 'path', fields: ['name', 'bpm', 'pack', 'path', 'key'] },
      shown: ['name', 'pack', 'path'],
      filters: ['key', 'bpm'],
    });
    expect(a?.text.render({ id: 3, textId: 'kicks/1.wav', name: 'Kick' }).text).toBe('kicks/1.wav Kick ');
  });

  test('names the fields that its text reads as lists, as filters read them', () => {
    const [a] = read(`collections:
  a:
    source: { table: sounds }
    text: |
      Tags: {tags | join(", ")}
      Mood: {mood | default("none") | join}
      First: {words | json("list") | join} {name} {bpm | round}
    show: [name]
`);
    expect(a?.rows).toMatchObject({ table: 'sounds', lists: ['tags', 'mood'] });
  });

  test('shows the fields of its text and filters by what it shows, each once', () => {
    expect(read(table(''))[0]).toMatchObject({ shown: ['name'], filters: ['name'] });
    expect(read(table('    show: [pack, name, pack]'))[0]).toMatchObject({
      shown: ['pack', 'name'],
      filters: ['pack', 'name'],
    });
    expect(read(table('    filters: []'))[0]).toMatchObject({ filters: [] });
    expect(read(table('    file: location'))[0]).toMatchObject({
      file: 'location',
      rows: { fields: ['name', 'location'] },
    });
    expect(read(table(''))[0]).toMatchObject({ file: null });
  });

  test('may have a template for the tables of the library', () => {
    const [a] = read('collections:\n  a:\n    text: "{title} {genre | upper}"\n');
    expect(a).toMatchObject({ rows: null, shown: ['title', 'genre'], filters: LIBRARY_FILTERS });
  });

  test('may filter by any column of the tables of the library, but for a slip', () => {
    expect(read('collections: { a: { filters: [duration, user_id] } }')[0]?.filters).toEqual([
      'duration',
      'user_id',
    ]);
    expect(refusal('collections: { a: { filters: [duratoin] } }')).toEqual([
      expect.stringMatching(/names no field, got "duratoin": did you mean duration\?$/),
    ]);
  });

  test('may come from JSON, with its schema and with tabs', () => {
    const json = '{\n\t"$schema": "x.json",\n\t"collections": {\n\t\t"a": {}\n\t}\n}';
    expect(read(json).map(({ name }) => name)).toEqual(['a']);
  });

  test('may share values by anchors', () => {
    const collections = read(`collections:
  a: { model: &e5 { id: e5, dimensions: 384 }, store: { url: "file:a.db" } }
  b: { model: *e5, store: { url: "file:b.db" } }
`);
    expect(collections.map(({ model }) => model.id)).toEqual(['e5', 'e5']);
  });
});

describe('an address', () => {
  test.each<[string, string | null, string | null]>([
    ['source: { url: library.db }', '/srv/library/library.db', null],
    ['source: { url: "sqlite:///../other.db" }', '/srv/other.db', null],
    ['source: { url: /data/library.db }', '/data/library.db', null],
    ['source: { url: "${CATALOG}" }', '/srv/library/sub/env.db', null],
    ['store: { url: "file:a b.db" }', null, 'file:/srv/library/a%20b.db'],
    ['store: { url: "file:///data/a.db" }', null, 'file:///data/a.db'],
    ['store: { url: "${STORE}" }', null, 'file:/srv/library/sub/env.db'],
    ['store: { url: "libsql://h" }', null, 'libsql://h'],
  ])('%s counts from the file, of a variable from the working directory', (line, catalog, store) => {
    const environment = { CATALOG: 'env.db', STORE: 'file:env.db' };
    const [a] = read(`collections:\n  a:\n    ${line}\n`, { environment, catalogUrl: null, storeUrl: null });
    expect([a?.catalogUrl, a?.storeUrl]).toEqual([catalog, store]);
  });

  test.each<[string, string | null]>([
    ['{}', 'store-token'],
    ['{ url: "${TURSO_DATABASE_URL}" }', 'store-token'],
    ['{ url: "libsql://other" }', null],
    ['{ url: "file:other.db" }', null],
    ['{ url: "libsql://other", token: own }', 'own'],
  ])('the token of the settings goes to their store alone: %s', (store, token) => {
    const environment = { TURSO_DATABASE_URL: 'libsql://h' };
    expect(read(`collections: { a: { store: ${store} } }`, { environment })[0]?.storeToken).toBe(token);
  });

  test('is not shown with its password or token', () => {
    for (const yaml of [
      'collections: { a: { source: { url: "mysql://u:hunter22@h/d" } } }',
      'collections: { a: { store: { url: "libsql://u:hunter22@h" } } }',
      'collections: { a: { store: "libsql://h?authToken=hunter22" } }',
      'collections: { a: { store: { url: "ftp://h?authToken=hunter22" } } }',
      'collections:\n  a:\n    store:\n      url: libsql://h?authToken=hunter22: x',
      'collections: { a: { store: { url: libsql://h {hunter22} } } }',
      `collections: { a: { store: { url: "libsql://h?authToken=hunter22" } }, b: { store: { url: "libsql://h?authToken=hunter22" } } }`,
    ])
      expect(refusal(yaml).join('\n')).toMatch(/^(?!.*hunter22).+/s);
  });
});

describe('a variable', () => {
  const environment = { DB: 'postgres://u:p@h/d', TABLE: 'sounds', TOKEN: 'secret-token', EMPTY: '' };

  test('is replaced in addresses, tokens and names of tables and models', () => {
    const yaml = `collections:
  a:
    source: { url: "\${DB}", table: "public.\${TABLE}" }
    text: "{name}"
    model: { id: "\${TABLE}/x", dimensions: 3 }
    store: { url: "file:\${TABLE}.db", token: "\${TOKEN}" }
`;
    expect(read(yaml, { environment })[0]).toMatchObject({
      catalogUrl: 'postgres://u:p@h/d',
      rows: { table: 'public.sounds' },
      model: { id: 'sounds/x' },
      storeUrl: 'file:/srv/library/sounds.db',
      storeToken: 'secret-token',
    });
  });

  test('is not one in a text, where it is a dollar before a field', () => {
    expect(read(table('').replace('{name}', '${price}'))[0]?.text.render({ id: 1, price: 5 }).text).toBe(
      '$5',
    );
  });

  test('is not one after a second dollar', () => {
    expect(read('collections: { a: { store: { url: "file:$${TABLE}.db" } } }')[0]?.storeUrl).toBe(
      'file:/srv/library/%24%7BTABLE%7D.db',
    );
  });

  test.each<[string, RegExp]>([
    ['${NONE}', /^3:20: collections\.a\.store\.token names the variable NONE, which is not set: set it/],
    ['${EMPTY}', /the variable EMPTY, which is not set/],
    ['${TOKN}', /which is not set: .*did you mean TOKEN\?$/],
    ['${toString}', /which is not set/],
    ['${TOKEN', /never closed/],
    ['${A-B}', /no name of a variable/],
    ['${OPENROUTER_API_KEY}', /OPENROUTER_API_KEY, which is for no database/],
  ])('%s is refused', (token, message) => {
    const lines = refusal(`collections:\n  a: { store: {\n    url: x, token: "${token}" } }`, {
      environment: { ...environment, OPENROUTER_API_KEY: 'sk-or-1' },
    });
    expect(lines[0]).toMatch(message);
  });

  const sent = /would be sent to an address from a file: put the whole address into an environment variable/;
  test.each<[string, string, readonly string[], RegExp | null]>([
    [
      'a token of the environment to an address of the file',
      '{ store: { url: "libsql://h", token: "${TOKEN}" } }',
      [],
      sent,
    ],
    [
      'a token within an address of the file',
      '{ store: { url: "libsql://h?authToken=${TOKEN}" } }',
      [],
      sent,
    ],
    [
      'a password within an address of the file',
      '{ source: { url: "postgres://u:${TOKEN}@h/d" } }',
      [],
      sent,
    ],
    [
      'the name of a table to an address of the file',
      '{ source: { url: "postgres://u:p@h/d", table: "${TOKEN}" }, text: "{a}" }',
      [],
      sent,
    ],
    ['an address of .env', '{ store: { url: "${STORE}", token: "${TOKEN}" } }', ['STORE'], sent],
    ['both of the environment', '{ store: { url: "${STORE}", token: "${TOKEN}" } }', [], null],
    ['both of .env', '{ store: { url: "libsql://h", token: "${TOKEN}" } }', ['TOKEN'], null],
    ['a file of this machine', '{ store: { url: "file:a.db", token: "${TOKEN}" } }', [], null],
    ['the store of the settings', '{ store: { token: "${TOKEN}" } }', [], null],
    ['PGPASSWORD to an address of the file', '{ source: { url: "postgres://u@h/d" } }', [], sent],
    ['PGPASSWORD beside a password', '{ source: { url: "postgres://u:p@h/d" } }', [], null],
    ['PGPASSWORD of .env', '{ source: { url: "postgres://u@h/d" } }', ['PGPASSWORD'], null],
    ['PGPASSWORD to an address of the environment', '{ source: { url: "${NOPASSWORD}" } }', [], null],
  ])('of the environment goes to no address that a file names: %s', (_, collection, fromFile, message) => {
    const more = { STORE: 'libsql://h', PGPASSWORD: 'secret-token', NOPASSWORD: 'postgres://u@h/d' };
    const lines = refusal(`collections: { a: ${collection} }`, {
      environment: { ...environment, ...more },
      fromFile: new Set(fromFile),
    });
    if (message === null) expect(lines).toEqual([]);
    else expect(lines.join('\n')).toMatch(message);
    expect(lines.join('\n')).not.toContain('secret-token');
  });
});

describe('a configuration is refused with line, column and cure:', () => {
  const one = (text: string) =>
    `collections:\n  a:\n    text: |\n      A: {name}\n      ${text}\n    source: { table: t, fields: [name, Pack] }`;

  test.each<[string, string, RegExp]>([
    ['an empty file', '', /^1:1: the file is empty: declare a collection/],
    ['nothing but comments', '# nothing\n', /^1:1: the file is empty/],
    ['nothing but null', '---\n', /^1:1: the file is empty/],
    ['no YAML', 'a: b: c', /^1:4: .*: put the value in quotes/],
    ['a quote that is open', 'a: "b', /^1:6: Missing closing "quote: correct it/],
    ['a tab', 'a:\n\t- x', /^2:1: .*: indent with blanks/],
    ['a key twice', 'collections:\n  a: {}\n  a: {}', /^3:3: Map keys must be unique: keep one/],
    ['two documents', 'collections: {}\n---\na: 1', /^2:1: .*: remove the line "---"/],
    ['a tag', 'collections: !x {}', /^1:14: Unresolved tag: remove the tag/],
    ['an alias without an anchor', 'collections:\n  a: *b', /^2:6: an alias \(\*name\) has no anchor/],
    ['a text', 'collections', /^1:1: the file must be names with values/],
    ['a list', '- a', /^1:1: the file must be names with values, indented below it, not a list/],
    ['no collections', '$schema: x', /^1:1: collections is missing: write "collections:"/],
    ['an empty list of collections', 'collections:\n', /^1:1: collections must be .* not empty/],
    ['no collection', 'collections: {}', /^1:1: collections declares no collection: add one/],
    [
      'a misspelt key',
      'colections: {}\ncollections: { a: {} }',
      /^1:1: colections is not known here: did you mean collections\?/,
    ],
    [
      'a misspelt key below',
      'collections:\n  a:\n    source: { tabel: t }',
      /^3:15: collections\.a\.source\.tabel is not known here: did you mean table\?/,
    ],
    [
      'an unknown key',
      'collections: { a: { colour: red } }',
      /colour is not known here: known are source, text, show, filters, file, model, store$/,
    ],
    ['a merge key', table('    model: { <<: 1 }'), /<< is not part of YAML 1.2/],
    [
      'a value of another kind',
      table('    model: { dimensions: "3" }'),
      /^5:26: collections\.a\.model\.dimensions must be a number, not text/,
    ],
    ['a fraction', table('    model: { dimensions: 1.5 }'), /must be a whole number, not a fraction/],
    ['no length of a vector', table('    model: { dimensions: 0 }'), /must be from 1 to 65536/],
    [
      'a number for text',
      table('    store: { token: 123456 }'),
      /must be text \(put it in quotes\), not a number$/,
    ],
    ['a blank', table('    store: { token: " " }'), /token is blank/],
    ['nothing shown', table('    show: []'), /^5:11: collections\.a\.show is empty/],
    ['no list', table('    show: name'), /show must be a list, as in \[name, bpm\], not text/],
    ['an entry that is empty', table('    show: [name, ~]'), /^5:18: collections\.a\.show\[1\] must be text/],
    [
      'a model without dimensions',
      table('    model: { id: e5 }'),
      /^5:5: collections\.a\.model has no dimensions: add them/,
    ],
    ['a model with a blank', table('    model: { id: e 5, dimensions: 3 }'), /has blanks in it/],
    [
      'a table without a text',
      'collections:\n  a: { source: { table: t } }',
      /^2:3: collections\.a has no text, .*: add "text: \|"/,
    ],
    [
      'a table and a select',
      table('').replace('{ table: t }', '{ table: t, select: SELECT 1 }'),
      /^3:25: collections\.a\.source\.select is set together with a table: keep one/,
    ],
    [
      'a select as a table',
      table('').replace('{ table: t }', '{ table: SELECT 1 }'),
      /^3:15: .* is a statement: write it under select/,
    ],
    ['two tables', table('').replace('{ table: t }', '{ table: "t; x" }'), /is no name of a table/],
    [
      'an id without a table',
      'collections:\n  a:\n    source: { id: x }',
      /^3:15: collections\.a\.source\.id needs a table or a select/,
    ],
    [
      'fields without a table',
      'collections: { a: { source: { fields: [x] } } }',
      /fields needs a table or a select/,
    ],
    [
      'a SELECT that writes',
      table('').replace('{ table: t }', '\n      select: DELETE FROM x'),
      /^4:15: collections\.a\.source\.select must begin with SELECT or WITH/,
    ],
    [
      'a URL of no catalog',
      table('').replace('{ table: t }', '{ table: t, url: "mysql://h" }'),
      /^3:30: collections\.a\.source\.url does not name a catalog, got "mysql:\/\/h"; write postgresql/,
    ],
    [
      'a URL of no store',
      table('    store: { url: "ftp://h" }'),
      /^5:19: collections\.a\.store\.url "ftp:" is not a scheme of a libSQL database; use/,
    ],
    ['a store in memory', table('    store: { url: "file::memory:" }'), /would be gone with its process/],
    ['a template that is wrong, in a block', one('{name'), /^5:7: collections\.a\.text: "{" is never closed/],
    [
      'an unknown filter, in a block',
      one('B: {name | rond}'),
      /^5:18: collections\.a\.text: rond is no filter: did you mean round\?/,
    ],
    [
      'an unknown field, in a block',
      one('B: {pack}'),
      /^5:11: collections\.a\.text: names no field, got "pack": did you mean Pack\?/,
    ],
    ['a field that nothing is near', one('B: {tempo}'), /got "tempo": add it to source\.fields/],
    [
      'an unknown field, in quotes',
      'collections:\n  a:\n    text: "B: {titel}"',
      /^3:16: collections\.a\.text: names no field, got "titel": did you mean title\?/,
    ],
    ['an unknown field, plain', 'collections:\n  a:\n    text: B {titel}', /^3:14: .* did you mean title\?/],
    [
      'an unknown field, after an escape',
      'collections:\n  a:\n    text: "A\\n{titel}"',
      /^3:11: collections\.a\.text, line 2, column 2 of the text: names no field/,
    ],
    [
      'an unknown field of the library',
      'collections: { a: { text: "{danceability}" } }',
      /tables have title, genre, .*; for another table set source\.table/,
    ],
    [
      'an unknown field shown',
      `${one('x')}\n    show: [name, pak]`,
      /^7:18: collections\.a\.show\[1\] names no field, got "pak": did you mean Pack\?/,
    ],
    [
      'an unknown field to filter by',
      `${one('x')}\n    filters:\n      - pak`,
      /^8:9: collections\.a\.filters\[0\] names no field/,
    ],
  ])('%s', (_, yaml, message) => {
    expect(refusal(yaml).join('\n')).toMatch(message);
  });

  test.each([
    'A',
    '1a',
    '-a',
    'a_b',
    'a.b',
    'a/b',
    '..',
    'ä',
    '""',
    'a b',
    '__proto__',
    `a${'b'.repeat(40)}`,
  ])('the name %s', (name) => {
    expect(refusal(`collections:\n  ${name}: {}`)[0]).toMatch(
      /^2:3: .* is no name for a collection: use 1 to 40 of a–z/,
    );
  });

  test.each(['a', 'samples', 'drum-loops-2', 'constructor', `a${'b'.repeat(39)}`])(
    'but not the name %s',
    (name) => {
      expect(read(`collections:\n  ${name}: {}`)[0]?.name).toBe(name);
    },
  );

  test('all that is wrong, at once', () => {
    expect(refusal('collections:\n  A: {}\n  b: { x: 1 }\n  c: { show: 1 }')).toHaveLength(3);
    expect(refusal(`${one('{pack}')}\n    show: [pak]\n    model: { id: x }`)).toHaveLength(3);
  });
});

describe('two collections have no store together:', () => {
  test.each<[string, string]>([
    ['{}', '{}'],
    ['{}', '{ url: "file:../library/sub/embeddings.db" }'],
    ['{ url: "file:a.db" }', '{ url: "file:./x/../a.db" }'],
    ['{ url: "file:a.db" }', '{ url: "file:///srv/library/a.db" }'],
    ['{ url: "libsql://h" }', '{ url: "https://h:443/" }'],
    ['{ url: "libsql://h?authToken=1" }', '{ url: "wss://H" }'],
    ['{ url: "http://localhost:8080" }', '{ url: "http://127.0.0.1:8080" }'],
  ])('%s and %s', (a, b) => {
    expect(refusal(`collections:\n  a: { store: ${a} }\n  b: { store: ${b} }`)[0]).toMatch(
      /^3:\d+: collections\.b\.store\.url is the store of a too: .* as in store: { url: "file:b.db" }$/,
    );
  });

  test('also where the settings name none', () => {
    expect(refusal('collections: { a: {}, b: {} }', { storeUrl: null })).toHaveLength(1);
  });

  test.each<[string, string]>([
    ['{}', '{ url: "file:embeddings.db" }'],
    ['{ url: "file:a.db" }', '{ url: "file:b.db" }'],
    ['{ url: "libsql://h" }', '{ url: "libsql://h2" }'],
    ['{ url: "http://localhost:8080" }', '{ url: "http://localhost:8081" }'],
  ])('%s and %s are two', (a, b) => {
    expect(refusal(`collections:\n  a: { store: ${a} }\n  b: { store: ${b} }`)).toEqual([]);
  });
});

describe('the file', () => {
  let top: string;
  let sub: string;
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'config-file-'));
    sub = join(top, 'a', 'b');
    mkdirSync(sub, { recursive: true });
  });
  afterEach(() => rmSync(top, { recursive: true, force: true }));
  const put = (folder: string, name: string, text: string | Buffer) =>
    writeFileSync(join(folder, name), text);
  const find = () => readConfigFile(sub, settings);

  test('may be missing', () => {
    expect(find()).toBeNull();
  });

  test.each(['embeddings.config.yaml', 'embeddings.config.yml', 'embeddings.config.json'])(
    '%s is found above the working directory, and its paths count from there',
    (name) => {
      put(top, name, '{"collections": {"a": {"store": {"url": "file:a.db"}}}}');
      expect(find()).toMatchObject({
        file: join(top, name),
        collections: [{ storeUrl: `file:${top}/a.db` }],
      });
    },
  );

  test('that is nearest is read', () => {
    put(top, 'embeddings.config.yaml', 'collections: { far: {} }');
    put(sub, 'embeddings.config.yml', '\ufeffcollections: { near: {} }');
    expect(find()?.collections.map(({ name }) => name)).toEqual(['near']);
  });

  test('is read with the settings of a command', () => {
    put(top, '.env', 'TURSO_DATABASE_URL=file:store.db\nDATABASE_URL=library.db\n');
    put(top, 'embeddings.config.yaml', 'collections: { a: { source: { url: "${DATABASE_URL}" } } }');
    expect(
      readConfigFile(sub, loadSettings({ EMBEDDING_DIMENSIONS: '512' }, sub))?.collections,
    ).toMatchObject([
      { catalogUrl: join(top, 'library.db'), storeUrl: `file:${top}/store.db`, model: { dimensions: 512 } },
    ]);
  });

  test('may not be there twice', () => {
    put(sub, 'embeddings.config.yaml', '');
    put(sub, 'embeddings.config.json', '');
    expect(find).toThrow(`${sub} holds embeddings.config.yaml and embeddings.config.json: keep one of them`);
  });

  test('that is a folder is told of in the working directory, and passed over above it', () => {
    mkdirSync(join(top, 'embeddings.config.yaml'));
    expect(find()).toBeNull();
    mkdirSync(join(sub, 'embeddings.config.yaml'));
    expect(find).toThrow(/embeddings\.config\.yaml is a folder: remove it/);
  });

  test.each([Buffer.from([0xff, 0x00, 0x41]), Buffer.from('a\0b')])(
    'that is not text is refused',
    (bytes) => {
      put(sub, 'embeddings.config.yaml', bytes);
      expect(find).toThrow(/is not text: save it as UTF-8/);
    },
  );
});
