import { chownSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadSettings } from '../../src/config.js';

let top: string;
let sub: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'upwards-'));
  sub = join(top, 'a', 'b');
  mkdirSync(sub, { recursive: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(top, { recursive: true, force: true });
});

const dotenv = (folder: string, text: string): void => writeFileSync(join(folder, '.env'), text);
const load = (env = {}) => loadSettings(env, sub);

describe('.env', () => {
  it('is found above the working directory', () => {
    dotenv(top, 'BATCH_SIZE=7\n');
    expect(load()).toMatchObject({
      batchSize: 7,
      envFile: join(top, '.env'),
      home: join(top, '.embeddings'),
    });
  });

  it('with a quote that is never closed is refused by the name of the variable, without its value', () => {
    dotenv(sub, 'OPENROUTER_API_KEY="sk-or-v1-abc\n');
    expect(load).toThrow(/^OPENROUTER_API_KEY in .*\.env begins with a quote that is never closed/);
    expect(load).not.toThrow(/sk-or/);
    dotenv(sub, "EMBEDDING_MODEL='a/b'\nOPENROUTER_API_KEY=sk-or-v1-abc\"d\n");
    expect(load()).toMatchObject({ model: 'a/b', apiKey: 'sk-or-v1-abc"d' });
  });

  it.each<[string, string, (top: string) => string]>([
    ['DATABASE_URL', 'library.db', (at) => `${at}/library.db`],
    ['DATABASE_URL', './data/library.db', (at) => `${at}/data/library.db`],
    ['DATABASE_URL', 'sqlite:///library.db', (at) => `${at}/library.db`],
    ['DATABASE_URL', 'sqlite+aiosqlite:///../library.db?mode=ro', (at) => join(at, '../library.db')],
    ['DATABASE_URL', 'file:library.db', (at) => `${at}/library.db`],
    ['DATABASE_URL', 'sqlite:////srv/library.db', () => 'sqlite:////srv/library.db'],
    ['DATABASE_URL', '/srv/library.db', () => '/srv/library.db'],
    ['DATABASE_URL', 'postgres://u:p@h/d', () => 'postgres://u:p@h/d'],
    [
      'DATABASE_URL',
      'postgres://u:p@h/d?sslmode=verify-full&sslrootcert=ca.pem',
      (at) => `postgres://u:p@h/d?sslmode=verify-full&sslrootcert=${at}/ca.pem`,
    ],
    ['DATABASE_URL', 'mysql://u@h/d', () => 'mysql://u@h/d'],
    ['TURSO_DATABASE_URL', 'file:store.db', (at) => `file:${at}/store.db`],
    ['TURSO_DATABASE_URL', 'file:a%20b.db', (at) => `file:${at}/a%20b.db`],
    ['TURSO_DATABASE_URL', 'file:///srv/store.db', () => 'file:///srv/store.db'],
    ['TURSO_DATABASE_URL', 'libsql://h', () => 'libsql://h'],
    ['EMBEDDINGS_HOME', '../home', (at) => join(at, '../home')],
    ['TEMPORAL_CONFIG_FILE', 'temporal.toml', (at) => `${at}/temporal.toml`],
    ['TEMPORAL_TLS_CLIENT_CERT_PATH', 'certs/me.pem', (at) => `${at}/certs/me.pem`],
    ['TEMPORAL_ADDRESS', 'localhost:7233', () => 'localhost:7233'],
    ['EMBEDDING_MODEL', 'a/b', () => 'a/b'],
  ])('%s=%s counts from the folder of the file', (name, value, expected) => {
    dotenv(top, `${name}=${value}\n`);
    expect(load().environment[name]).toBe(expected(top));
    // Where it lies in the working directory it is taken as it stands.
    expect(loadSettings({}, top).environment[name]).toBe(value);
  });

  it('may name a program beside it, or one on PATH', () => {
    dotenv(top, 'OPENROUTER_API_KEY=k\nTEMPORAL_CLI_PATH=./bin/temporal\n');
    expect(load().temporalCliPath).toBe(join(top, 'bin/temporal'));
    dotenv(top, 'OPENROUTER_API_KEY=k\nTEMPORAL_CLI_PATH=temporal\n');
    expect(load().temporalCliPath).toBe('temporal');
  });

  it('of the environment counts from the working directory', () => {
    dotenv(top, 'EMBEDDINGS_HOME=one\nDATABASE_URL=one.db\n');
    expect(load({ EMBEDDINGS_HOME: 'two', DATABASE_URL: 'two.db' })).toMatchObject({
      home: join(sub, 'two'),
      catalogUrl: 'two.db',
    });
  });

  it('that is nearest is the only one; one that sets nothing of ours is passed over', () => {
    dotenv(top, 'BATCH_SIZE=7\nCONCURRENCY=3\n');
    dotenv(join(top, 'a'), 'BATCH_SIZE=9\n');
    dotenv(sub, 'PORT=3000\nBATCH_SIZE=\n');
    expect(load()).toMatchObject({ batchSize: 9, concurrency: 8, envFile: join(top, 'a', '.env') });
  });

  it('above may be a folder, as a virtual environment is: it is passed over', () => {
    dotenv(top, 'BATCH_SIZE=7\n');
    mkdirSync(join(top, 'a', '.env'));
    expect(load()).toMatchObject({ batchSize: 7 });
  });

  it("is not looked for above the user's home, but in it", () => {
    dotenv(top, 'BATCH_SIZE=7\n');
    vi.stubEnv('HOME', join(top, 'a'));
    expect(load()).toMatchObject({ batchSize: 100, envFile: null, home: join(sub, '.embeddings') });
    dotenv(join(top, 'a'), 'BATCH_SIZE=9\n');
    expect(load()).toMatchObject({ batchSize: 9 });
  });

  it('above it decides as little about secrets of the environment as one in it', () => {
    dotenv(top, 'OPENROUTER_BASE_URL=https://evil.example/v1\n');
    expect(() => load({ OPENROUTER_API_KEY: 'sk-mine' })).toThrow(
      `OPENROUTER_BASE_URL is set in ${join(top, '.env')}, but OPENROUTER_API_KEY comes from the environment`,
    );
    dotenv(top, 'TEMPORAL_CLI_PATH=./evil\n');
    expect(() => load()).toThrow(/TEMPORAL_CLI_PATH is set in .* names a program to run/);
  });
});

describe('the home', () => {
  it('is the nearest .embeddings, where there is no .env', () => {
    mkdirSync(join(top, '.embeddings'));
    expect(load()).toMatchObject({ home: join(top, '.embeddings'), envFile: null });
    mkdirSync(join(sub, '.embeddings'));
    expect(load().home).toBe(join(sub, '.embeddings'));
  });

  it('lies no higher than the .env', () => {
    mkdirSync(join(top, '.embeddings'));
    dotenv(join(top, 'a'), 'BATCH_SIZE=7\n');
    expect(load().home).toBe(join(top, 'a', '.embeddings'));
    mkdirSync(join(sub, '.embeddings'));
    expect(load().home).toBe(join(sub, '.embeddings'));
  });
});

describe("another user's folders", () => {
  it('end the way up; the working directory itself is read', () => {
    dotenv(top, 'BATCH_SIZE=7\n');
    mkdirSync(join(top, '.embeddings'));
    const own = process.getuid?.() ?? 0;
    vi.spyOn(process, 'getuid').mockReturnValue(own + 1);
    expect(load()).toMatchObject({ batchSize: 100, home: join(sub, '.embeddings') });
    dotenv(sub, 'BATCH_SIZE=9\n');
    expect(load()).toMatchObject({ batchSize: 9 });
  });

  // Only root may give files away.
  it.runIf(process.getuid?.() === 0)('give nothing, nor do files of theirs in a folder of ours', () => {
    const STRANGER = 65_534;
    dotenv(top, 'BATCH_SIZE=7\n');
    chownSync(join(top, 'a'), STRANGER, STRANGER);
    expect(load()).toMatchObject({ batchSize: 100 });
    chownSync(join(top, 'a'), 0, 0);
    expect(load()).toMatchObject({ batchSize: 7 });
    chownSync(join(top, '.env'), STRANGER, STRANGER);
    expect(load()).toMatchObject({ batchSize: 100 });
    rmSync(join(top, '.env'));
    dotenv(top, 'BATCH_SIZE=7\n');
    symlinkSync(join(top, '.env'), join(top, 'a', '.env'));
    lchownSync(join(top, 'a', '.env'), STRANGER, STRANGER);
    expect(load().envFile).toBe(join(top, '.env'));
    mkdirSync(join(top, '.embeddings'));
    chownSync(join(top, '.embeddings'), STRANGER, STRANGER);
    mkdirSync(join(top, 'a', '.embeddings'));
    expect(load().home).toBe(join(top, 'a', '.embeddings'));
  });
});
