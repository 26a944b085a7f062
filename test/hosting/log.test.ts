import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { loadSettings } from '../../src/config.js';
import { createLog } from '../../src/hosting/log.js';
import { secretsOf } from '../../src/hosting/secrets-of.js';
import { temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder();
afterEach(() => folder.remove());

it('no secret of the settings reaches a line, whoever wrote it and however it is quoted', () => {
  const settings = loadSettings(
    {
      OPENROUTER_API_KEY: 'sk-or-canary',
      TURSO_AUTH_TOKEN: 'token-canary',
      TURSO_DATABASE_URL: 'libsql://db.example?authToken=query-canary',
      DATABASE_URL: 'postgresql://user:p%40ss"canary@host/db',
      TEMPORAL_API_KEY: 'temporal-canary',
      EMBEDDINGS_HOME: folder.path,
    },
    folder.path,
  );
  const file = join(folder.path, 'worker.log');
  const log = createLog('info', { file, secrets: secretsOf(settings) });
  const { apiKey, storeToken, storeUrl, catalogUrl, environment } = settings;
  log.info({ apiKey, nested: { storeUrl, catalogUrl } }, `token ${storeToken}, p@ss"canary`);
  log.error({ err: new Error('refused temporal-canary', { cause: new Error('sk-or-canary') }) });
  log.debug(environment, 'not at this level');
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(JSON.parse(line)).toMatchObject({ pid: process.pid, level: expect.stringMatching(/info|error/) });
    expect(line).not.toContain('canary');
    expect(line).toContain('***');
  }
});
