import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config.js';
import { secretsOf } from '../../src/hosting/secrets-of.js';
import { temporaryFolder } from '../support/cli.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

function file(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}
const load = (env: Record<string, string>) => loadSettings(env, folder.path);

describe('a secret in a file', () => {
  it('is read from there, its last line end left out', () => {
    const codecKey = Buffer.alloc(32, 7).toString('base64');
    const settings = load({
      OPENROUTER_API_KEY_FILE: file('key', 'sk-or-v1-abcdefghijkl\n'),
      OPENROUTER_MANAGEMENT_KEY_FILE: file('management', 'sk-or-v1-mnopqrstuvwx'),
      TURSO_AUTH_TOKEN_FILE: file('token', 'eyJhbGciOiJFZERTQSJ9.eyJhIjoicncifQ\r\n'),
      TURSO_DATABASE_URL: 'libsql://db.example',
      DATABASE_URL_FILE: file('catalog', 'postgresql://user:password@host/library\n'),
      EMBEDDINGS_CODEC_KEY_FILE: file('codec', codecKey),
      TEMPORAL_API_KEY_FILE: file('temporal', 'temporal-key'),
    });
    expect(settings).toMatchObject({
      apiKey: 'sk-or-v1-abcdefghijkl',
      managementKey: 'sk-or-v1-mnopqrstuvwx',
      storeToken: 'eyJhbGciOiJFZERTQSJ9.eyJhIjoicncifQ',
      catalogUrl: 'postgresql://user:password@host/library',
    });
    expect(settings.codecKey?.export().toString('base64')).toBe(codecKey);
    expect(settings.environment).toMatchObject({ TEMPORAL_API_KEY: 'temporal-key' });
    expect(Object.keys(settings.environment).filter((name) => name.endsWith('_FILE'))).toEqual([]);
    // No log shows it either.
    expect(secretsOf(settings)).toEqual(expect.arrayContaining(['sk-or-v1-abcdefghijkl', 'password']));
  });

  it('stands above the value that .env gives', () => {
    writeFileSync(join(folder.path, '.env'), 'OPENROUTER_API_KEY=sk-of-the-env-file\n');
    expect(load({ OPENROUTER_API_KEY_FILE: file('key', 'sk-of-the-file') }).apiKey).toBe('sk-of-the-file');
  });

  it('is not taken where the value is given too', () => {
    const env = { OPENROUTER_API_KEY: 'sk-a', OPENROUTER_API_KEY_FILE: file('key', 'sk-b') };
    expect(() => load(env)).toThrow(
      'OPENROUTER_API_KEY and OPENROUTER_API_KEY_FILE are both set: remove one of them',
    );
  });

  it.each([
    ['is missing', () => join(folder.path, 'sk-or-v1-put-here'), /cannot be read \(ENOENT\): mount it/],
    ['is a folder', () => folder.path, /names a folder/],
    ['is empty', () => file('key', ' \n'), /is empty: put the value into it/],
    ['is a database', () => file('key', 'x'.repeat(70_000)), /that is no secret/],
  ])('that %s is named, without its path', (_, make, sentence) => {
    const path = make();
    expect(() => load({ OPENROUTER_API_KEY_FILE: path })).toThrow(sentence);
    try {
      load({ OPENROUTER_API_KEY_FILE: path });
    } catch (error) {
      expect(String(error)).not.toContain(path);
    }
  });

  it('is not taken from .env, which may be of a strange folder', () => {
    writeFileSync(join(folder.path, '.env'), `OPENROUTER_API_KEY_FILE=${file('key', 'sk-theirs')}\n`);
    expect(() => load({})).toThrow(/OPENROUTER_API_KEY_FILE is set in .*: set it in the environment/);
  });

  it('is looked for behind the names of secrets alone', () => {
    expect(load({ EMBEDDING_MODEL_FILE: '/nowhere' }).model).toBe('openai/text-embedding-3-small');
  });
});

it('a management key of OpenRouter’s own form is no misplaced one', () => {
  expect(load({ OPENROUTER_MANAGEMENT_KEY: 'sk-or-v1-abcdefghijkl' }).managementKey).toBe(
    'sk-or-v1-abcdefghijkl',
  );
});
