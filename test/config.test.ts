import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIBRARY_FILTERS, LIBRARY_SHOWN, libraryText } from '../src/collections/library-text.js';
import { type Environment, loadSettings, readEnvironment, required } from '../src/config.js';
import { Fault } from '../src/fault.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const dotenv = (text: string): void => writeFileSync(join(cwd, '.env'), text);
const load = (env: Environment = {}) => loadSettings(env, cwd);
function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('no fault');
}

describe('.env', () => {
  it('takes a byte order mark, CRLF, quotes, comments and export', () => {
    dotenv(
      [
        '\uFEFFOPENROUTER_API_KEY=sk-first',
        '# a comment',
        'TURSO_DATABASE_URL="libsql://a b#c" # why',
        "TURSO_AUTH_TOKEN='to#ken'",
        'export DATABASE_URL=sqlite:///x.db # where',
        '',
        'BATCH_SIZE = 50',
        '',
      ].join('\r\n'),
    );
    expect(load()).toMatchObject({
      apiKey: 'sk-first',
      storeUrl: 'libsql://a b#c',
      storeToken: 'to#ken',
      catalogUrl: 'sqlite:///x.db',
      batchSize: 50,
    });
  });

  it('yields to the environment, but not to an empty one', () => {
    dotenv('OPENROUTER_API_KEY=file\nDATABASE_URL=file\nTURSO_AUTH_TOKEN=\n');
    const settings = load({ OPENROUTER_API_KEY: 'env', DATABASE_URL: '  ', TURSO_DATABASE_URL: '' });
    expect(settings).toMatchObject({ apiKey: 'env', catalogUrl: 'file', storeUrl: null, storeToken: null });
  });

  it('may be missing', () => expect(readEnvironment({ A: 'b', C: undefined }, cwd)).toEqual({ A: 'b' }));

  it.each([
    [
      'UTF-16 little endian, as PowerShell writes it',
      (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    ],
    ['UTF-16 big endian', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', (text: string) => Buffer.from(text, 'utf16le')],
    ['old Mac line ends', (text: string) => Buffer.from(text.replaceAll('\n', '\r'))],
  ])('may be %s', (_name, encode) => {
    writeFileSync(join(cwd, '.env'), encode('OPENROUTER_API_KEY=sk-ä\nDATABASE_URL=x.db\n'));
    expect(load()).toMatchObject({ apiKey: 'sk-ä', catalogUrl: 'x.db' });
  });

  it('that is no text is named', () => {
    writeFileSync(join(cwd, '.env'), Buffer.from('SQLite format 3\0OPENROUTER_API_KEY=x'));
    expect(faultOf(load).message).toBe(`${join(cwd, '.env')} is not text: save it as UTF-8`);
  });

  it('that is a folder is named with the cure', () => {
    mkdirSync(join(cwd, '.env'));
    const { kind, message } = faultOf(() => load({ OPENROUTER_API_KEY: 'k' }));
    expect(kind).toBe('usage');
    expect(message).toMatch(/\.env is a folder: remove it/);
  });

  it('sets what is ours, and nothing that decides which programs run', () => {
    dotenv(
      'PATH=/strange\nXDG_CACHE_HOME=/strange\nNODE_OPTIONS=--x\nBATCH_SIZE=7\nTEMPORAL_NAMESPACE=mine\n',
    );
    const settings = load({ PATH: '/bin' });
    expect(settings).toMatchObject({ batchSize: 7, pathVariable: '/bin' });
    expect(settings.cacheDir).not.toContain('strange');
    expect(settings.environment).toEqual({ PATH: '/bin', BATCH_SIZE: '7', TEMPORAL_NAMESPACE: 'mine' });
    expect([...settings.fromFile].sort()).toEqual(['BATCH_SIZE', 'TEMPORAL_NAMESPACE']);
  });

  it('drops blanks and line ends around values', () => {
    expect(load({ OPENROUTER_API_KEY: 'sk-a\r', OPENROUTER_BASE_URL: ' http://h/v1/ ' })).toMatchObject({
      apiKey: 'sk-a',
      baseUrl: 'http://h/v1',
    });
  });
});

describe('quotes around values of the environment', () => {
  it.each(['"', "'"])('%s do no harm, as docker --env-file hands them over', (quote) => {
    const quoted = (value: string): string => `${quote}${value}${quote}`;
    expect(
      load({
        OPENROUTER_API_KEY: quoted('sk-a'),
        OPENROUTER_BASE_URL: quoted('http://h/v1'),
        TURSO_DATABASE_URL: quoted('file:a.db'),
        DATABASE_URL: quoted('postgres://u:p@h/d'),
        BATCH_SIZE: quoted('7'),
        TURSO_AUTH_TOKEN: quoted(' '),
      }),
    ).toMatchObject({
      apiKey: 'sk-a',
      baseUrl: 'http://h/v1',
      storeUrl: 'file:a.db',
      catalogUrl: 'postgres://u:p@h/d',
      batchSize: 7,
      storeToken: null,
    });
  });

  it('stay where they are part of a value, or no pair', () => {
    expect(load({ DATABASE_URL: `"a.db'`, EMBEDDING_MODEL: `a"b"c` })).toMatchObject({
      catalogUrl: `"a.db'`,
      model: 'a"b"c',
    });
  });
});

describe('settings', () => {
  it('have defaults', () => {
    expect(load()).toEqual({
      apiKey: null,
      baseUrl: 'https://openrouter.ai/api/v1',
      requestsPerMinute: null,
      tokensPerMinute: null,
      storeUrl: null,
      storeToken: null,
      catalogUrl: null,
      soundRoots: { folders: [], moved: [] },
      codecKey: null,
      model: 'openai/text-embedding-3-small',
      dimensions: 1536,
      batchSize: 100,
      managementKey: null,
      maxRetries: 3,
      concurrency: 8,
      home: join(cwd, '.embeddings'),
      envFile: null,
      metrics: 'default',
      buildId: null,
      versioning: 'pinned',
      logLevel: 'info',
      temporalCliPath: undefined,
      pathVariable: '',
      cacheDir: join(homedir(), '.cache', 'sample-embeddings'),
      environment: {},
      fromFile: new Set(),
      configFile: null,
      collections: ['samples'],
      collection: {
        name: 'samples',
        catalogUrl: null,
        folder: null,
        rows: null,
        text: libraryText,
        shown: LIBRARY_SHOWN,
        filters: LIBRARY_FILTERS,
        file: 'file_path',
        model: { id: 'openai/text-embedding-3-small', dimensions: 1536, document: {}, query: {} },
        storeUrl: null,
        storeToken: null,
      },
    });
  });

  it('are parsed', () => {
    expect(
      load({
        OPENROUTER_BASE_URL: 'http://127.0.0.1:9/api/v1//',
        OPENROUTER_REQUESTS_PER_MINUTE: '60',
        OPENROUTER_TOKENS_PER_MINUTE: '1000000',
        EMBEDDING_MODEL: 'a/b',
        EMBEDDING_DIMENSIONS: '256',
        MAX_RETRIES: '0',
        CONCURRENCY: '256',
        BATCH_SIZE: '2048',
        LOG_LEVEL: 'silent',
        TEMPORAL_CLI_PATH: '/bin/temporal',
        PATH: '/bin',
        XDG_CACHE_HOME: '/cache',
      }),
    ).toMatchObject({
      baseUrl: 'http://127.0.0.1:9/api/v1',
      requestsPerMinute: 60,
      tokensPerMinute: 1_000_000,
      model: 'a/b',
      dimensions: 256,
      maxRetries: 0,
      concurrency: 256,
      batchSize: 2048,
      logLevel: 'silent',
      temporalCliPath: '/bin/temporal',
      pathVariable: '/bin',
      cacheDir: '/cache/sample-embeddings',
    });
  });

  it('take EMBEDDINGS_HOME from the working directory', () => {
    mkdirSync(join(cwd, 'sub'));
    expect(load({ EMBEDDINGS_HOME: 'sub/home' }).home).toBe(join(cwd, 'sub/home'));
    expect(load({ EMBEDDINGS_HOME: '/srv/home' }).home).toBe('/srv/home');
    expect(loadSettings({ EMBEDDINGS_HOME: '../home' }, join(cwd, 'sub')).home).toBe(join(cwd, 'home'));
  });
});

describe('a bad value', () => {
  it.each([
    ['BATCH_SIZE', '0', 'BATCH_SIZE must be an integer from 1 to 2048, got "0"'],
    ['BATCH_SIZE', '2049', 'BATCH_SIZE must be an integer from 1 to 2048, got "2049"'],
    ['BATCH_SIZE', '1e2', 'BATCH_SIZE must be an integer from 1 to 2048, got "1e2"'],
    ['BATCH_SIZE', '-1', 'BATCH_SIZE must be an integer from 1 to 2048, got "-1"'],
    ['MAX_RETRIES', '1.5', 'MAX_RETRIES must be an integer from 0 to 100, got "1.5"'],
    ['CONCURRENCY', 'many', 'CONCURRENCY must be an integer from 1 to 256, got "many"'],
    ['EMBEDDING_DIMENSIONS', '0x10', 'EMBEDDING_DIMENSIONS must be an integer from 1 to 65536, got "0x10"'],
    [
      'OPENROUTER_REQUESTS_PER_MINUTE',
      '0',
      'OPENROUTER_REQUESTS_PER_MINUTE must be an integer from 1 to 1000000000, got "0"',
    ],
    [
      'OPENROUTER_TOKENS_PER_MINUTE',
      'x',
      'OPENROUTER_TOKENS_PER_MINUTE must be an integer from 8192 to 1000000000, got "x"',
    ],
    [
      'OPENROUTER_TOKENS_PER_MINUTE',
      '600',
      'OPENROUTER_TOKENS_PER_MINUTE must be an integer from 8192 to 1000000000, got "600"',
    ],
    ['OPENROUTER_BASE_URL', 'nowhere', 'OPENROUTER_BASE_URL must be an http or https URL, got "nowhere"'],
    ['OPENROUTER_BASE_URL', 'ftp://h', 'OPENROUTER_BASE_URL must be an http or https URL, got "ftp://h"'],
    [
      'LOG_LEVEL',
      'loud',
      'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, got "loud"',
    ],
  ])('%s=%s is named', (name, value, sentence) => {
    const fault = faultOf(() => load({ [name]: value }));
    expect(fault.kind).toBe('usage');
    expect(fault.message).toBe(sentence);
  });

  it('does not hide another', () => {
    const { message } = faultOf(() => load({ BATCH_SIZE: 'a', CONCURRENCY: 'b', LOG_LEVEL: 'c' }));
    expect(message.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'BATCH_SIZE',
      'CONCURRENCY',
      'LOG_LEVEL',
    ]);
  });

  it.each([
    ['beside the secrets', { BATCH_SIZE: 'a' }],
    ['in the URL that holds one', { OPENROUTER_BASE_URL: 'ftp://me:hush-hush@host' }],
    ['that is a key in the wrong place', { OPENROUTER_BASE_URL: 'sk-or-hush-hush' }],
  ])('%s never shows them', (_name, env) => {
    const { message } = faultOf(() =>
      load({
        OPENROUTER_API_KEY: 'hush-hush',
        TURSO_AUTH_TOKEN: 'hush-hush',
        DATABASE_URL: 'postgres://me:hush-hush@h/d',
        ...env,
      }),
    );
    expect(message).not.toContain('hush-hush');
  });
});

describe('a secret in the wrong variable', () => {
  const KEY = 'sk-or-v1-0123456789abcdef0123';
  const TOKEN = 'eyJhbGciOiJFZERTQSJ9.eyJhIjoicncifQ.c2lnbmF0dXJlLWNhbmFyeQ';
  const CODEC = Buffer.alloc(32, 199).toString('base64');
  const VARIABLES = [
    'BATCH_SIZE',
    'MAX_RETRIES',
    'CONCURRENCY',
    'LOG_LEVEL',
    'EMBEDDING_MODEL',
    'EMBEDDING_DIMENSIONS',
    'EMBEDDINGS_HOME',
    'EMBEDDINGS_METRICS_ADDRESS',
    'EMBEDDINGS_BUILD_ID',
    'EMBEDDINGS_VERSIONING',
    'OPENROUTER_BASE_URL',
    'OPENROUTER_REQUESTS_PER_MINUTE',
    'DATABASE_URL',
    'TURSO_DATABASE_URL',
    'TEMPORAL_ADDRESS',
    'TEMPORAL_NAMESPACE',
    'TEMPORAL_CLI_PATH',
    'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  ];

  it.each(VARIABLES)('is refused in %s, and not shown', (name) => {
    for (const secret of [KEY, TOKEN, CODEC, ` ${KEY} `, `"${KEY}"`]) {
      const { message } = faultOf(() => load({ [name]: secret }));
      expect(message).toContain(name);
      expect(message).not.toContain(secret.trim());
      expect(message).not.toMatch(/0123456789|c2lnbmF0dXJl/);
    }
    const { message } = faultOf(() =>
      load({ TURSO_AUTH_TOKEN: 'a-token-of-some-other-form', [name]: 'a-token-of-some-other-form' }),
    );
    expect(message).not.toContain('other-form');
  });

  it('is refused where a connection URL with a password is', () => {
    for (const name of [
      'EMBEDDING_MODEL',
      'TEMPORAL_ADDRESS',
      'EMBEDDINGS_HOME',
      'BATCH_SIZE',
      'OPENROUTER_API_KEY',
    ])
      expect(faultOf(() => load({ [name]: 'postgres://me:canary@host/db' })).message).not.toContain('canary');
  });

  it('of no known form is not shown by a variable that has one itself', () => {
    for (const name of [
      'BATCH_SIZE',
      'LOG_LEVEL',
      'EMBEDDINGS_VERSIONING',
      'EMBEDDINGS_METRICS_ADDRESS',
      'OPENROUTER_BASE_URL',
    ])
      expect(faultOf(() => load({ [name]: 'canary-of-no-form' })).message).toMatch(
        /17 characters \(not shown\)/,
      );
  });

  it('is not a catalog, nor an address a key', () => {
    expect(faultOf(() => load({ DATABASE_URL: 'Canary&of=no form' })).message).toMatch(
      /^DATABASE_URL names no catalog, got 17 characters \(not shown\): write postgresql:/,
    );
    for (const name of ['OPENROUTER_API_KEY', 'OPENROUTER_MANAGEMENT_KEY', 'TURSO_AUTH_TOKEN'])
      for (const url of [
        'libsql://canary.turso.io',
        'file:canary.db',
        'sqlite:canary.db',
        'postgres//me:canary@host/db',
      ]) {
        const { message } = faultOf(() => load({ [name]: url }));
        expect(message).toMatch(new RegExp(`^${name} holds a URL`));
        expect(message).not.toContain('canary');
      }
  });

  it('does not take names, models, paths and URLs for one', () => {
    const fine = {
      OPENROUTER_API_KEY: 'lm-studio',
      TURSO_AUTH_TOKEN: TOKEN,
      EMBEDDINGS_CODEC_KEY: CODEC,
      EMBEDDING_MODEL: 'sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2',
      EMBEDDINGS_HOME: '/srv/lm-studio/sk-x',
      EMBEDDINGS_BUILD_ID: '368f4ea2469220a1ef940ad170fd8bd144f3e0aa',
      DATABASE_URL: 'postgres://postgres:postgres@host/postgres',
      TURSO_DATABASE_URL: `libsql://host?authToken=${TOKEN}`,
      TEMPORAL_ADDRESS: 'my-namespace.a1b2c.tmprl.cloud:7233',
      TEMPORAL_CLI_PATH: '/nix/store/0c5l1yp7fzqgbrq3kxw6w2v1xg4hn1bd-temporal-cli-1.9.1/bin/temporal',
    };
    expect(load(fine)).toMatchObject({ model: fine.EMBEDDING_MODEL, home: fine.EMBEDDINGS_HOME });
  });
});

describe("somebody else's .env", () => {
  const KEYS = { OPENROUTER_API_KEY: 'sk-mine' };

  it.each([
    ['OPENROUTER_BASE_URL=https://evil.example/v1', KEYS, 'OPENROUTER_API_KEY'],
    ['TURSO_DATABASE_URL=libsql://evil.example', { TURSO_AUTH_TOKEN: 'mine' }, 'TURSO_AUTH_TOKEN'],
    ['TEMPORAL_ADDRESS=evil.example:7233', { TEMPORAL_API_KEY: 'mine' }, 'TEMPORAL_API_KEY'],
    ['TEMPORAL_TLS=false', { TEMPORAL_API_KEY: 'mine', TEMPORAL_ADDRESS: 'good:7233' }, 'TEMPORAL_API_KEY'],
    ['TEMPORAL_CONFIG_FILE=evil.toml', { TEMPORAL_API_KEY: 'mine' }, 'TEMPORAL_API_KEY'],
    ['DATABASE_URL=postgres://me@evil.example/db', { PGPASSWORD: 'mine' }, 'PGPASSWORD'],
    ['TEMPORAL_CLI_PATH=./evil', KEYS, 'OPENROUTER_API_KEY'],
    ['TEMPORAL_CLI_PATH=./evil', {}, 'OPENROUTER_API_KEY'],
    ['OPENROUTER_API_KEY=theirs\nTEMPORAL_CLI_PATH=./evil', KEYS, 'OPENROUTER_API_KEY'],
    ['OPENROUTER_API_KEY=theirs\nOPENROUTER_BASE_URL=https://evil.example', KEYS, 'OPENROUTER_API_KEY'],
  ])('with %s decides nothing about secrets of the environment', (text, env, secret) => {
    dotenv(text);
    const { kind, message } = faultOf(() => load(env));
    expect(kind).toBe('usage');
    expect(message).toContain(join(cwd, '.env'));
    expect(message).toContain(secret);
    expect(message).not.toContain('mine');
    expect(message.split('\n')).toHaveLength(1);
  });

  it('of one piece is taken as it is', () => {
    dotenv('OPENROUTER_API_KEY=k\nOPENROUTER_BASE_URL=http://127.0.0.1:1/v1\nTEMPORAL_CLI_PATH=/bin/t\n');
    const expected = { apiKey: 'k', baseUrl: 'http://127.0.0.1:1/v1', temporalCliPath: '/bin/t' };
    expect(load()).toMatchObject(expected);
    // As where the same file is also handed to the container.
    expect(load({ OPENROUTER_API_KEY: 'k' })).toMatchObject(expected);
  });

  it('may name what no secret is sent to, and what the environment names too', () => {
    dotenv(
      'OPENROUTER_BASE_URL=https://openrouter.ai/api/v1\nTURSO_DATABASE_URL=file:a.db\nDATABASE_URL=postgres://u:p@h/d\n',
    );
    const env = { ...KEYS, TURSO_AUTH_TOKEN: 't', PGPASSWORD: 'p' };
    expect(load(env)).toMatchObject({ storeUrl: 'file:a.db', catalogUrl: 'postgres://u:p@h/d' });
    const baseUrl = 'http://127.0.0.1:1/v1';
    dotenv(`OPENROUTER_BASE_URL=https://evil.example`);
    expect(load({ ...KEYS, OPENROUTER_BASE_URL: baseUrl })).toMatchObject({ baseUrl });
  });
});

describe('required', () => {
  it('gives the settings when all are there', () => {
    const settings = load({ OPENROUTER_API_KEY: 'k', DATABASE_URL: 'd' });
    expect(required(settings, 'apiKey', 'catalogUrl')).toMatchObject({ apiKey: 'k', catalogUrl: 'd' });
  });

  it('has a sentence for each that is missing', () => {
    const fault = faultOf(() => required(load(), 'apiKey', 'storeUrl', 'catalogUrl'));
    expect(fault.kind).toBe('usage');
    expect(fault.message).toBe(
      [
        'OPENROUTER_API_KEY environment variable must be set, or be in .env, which embeddings init writes',
        'TURSO_DATABASE_URL environment variable must be set, or be in .env, which embeddings init writes',
        'DATABASE_URL environment variable must be set, or be in .env, which embeddings init writes',
      ].join('\n'),
    );
    expect(() => required(load({ OPENROUTER_API_KEY: 'k' }), 'apiKey')).not.toThrow();
  });
});

describe('EMBEDDINGS_CODEC_KEY', () => {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7 + 1));
  const base64 = bytes.toString('base64');

  it('is not set by default', () => expect(load().codecKey).toBeNull());

  it.each([
    base64,
    base64.replace('=', ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ])('takes 32 bytes as %s', (value) => {
    const { codecKey } = load({ EMBEDDINGS_CODEC_KEY: value });
    expect(codecKey?.export()).toEqual(bytes);
    expect(JSON.stringify(codecKey)).toBe('{}');
  });

  it.each([
    'canary',
    base64.slice(1),
    `${base64}canary`,
    `canary ${base64}`,
    bytes.toString('hex').slice(2),
    'not base64 at all, but of forty-three letters',
    'xyz.'.repeat(16),
  ])('refuses %s with the cure and without the value', (value) => {
    const fault = faultOf(() => load({ EMBEDDINGS_CODEC_KEY: value }));
    expect(fault.message).toBe(
      'EMBEDDINGS_CODEC_KEY must be 32 bytes as base64 or 64 hexadecimal digits; make one with: openssl rand -base64 32',
    );
  });
});

describe('settings of a worker', () => {
  it.each([
    ['off', 'off'],
    ['9464', { host: '127.0.0.1', port: 9464 }],
    ['0.0.0.0:0', { host: '0.0.0.0', port: 0 }],
    ['[::1]:9464', { host: '::1', port: 9464 }],
  ])('EMBEDDINGS_METRICS_ADDRESS %s', (text, metrics) => {
    expect(load({ EMBEDDINGS_METRICS_ADDRESS: text })).toMatchObject({ metrics });
  });

  it('name what cannot be read', () => {
    const env = {
      EMBEDDINGS_METRICS_ADDRESS: 'localhost:70000',
      EMBEDDINGS_BUILD_ID: 'a b',
      EMBEDDINGS_VERSIONING: 'none',
    };
    expect(faultOf(() => load(env)).message.split('\n')).toEqual([
      'EMBEDDINGS_METRICS_ADDRESS must be a port, host:port (127.0.0.1:9464) or "off", got "localhost:70000"',
      'EMBEDDINGS_BUILD_ID must be up to 128 letters, digits, ".", "-", "_" or "+"',
      'EMBEDDINGS_VERSIONING must be one of pinned, auto-upgrade, got "none"',
    ]);
  });
});
