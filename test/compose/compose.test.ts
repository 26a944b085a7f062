import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { buildProgram } from '../../src/commands/program.js';
import { loadSettings } from '../../src/config.js';
import { configuredTemporal } from '../../src/hosting/temporal.js';
import { workerLogFile } from '../../src/hosting/worker-log.js';
import { namesSecret } from '../../src/settings/secret-names.js';
import { runCli, temporaryFolder } from '../support/cli.js';
import { COMPOSE_FILE, type ComposeFile, readCompose, type Service } from '../support/compose.js';

const ROOT = dirname(COMPOSE_FILE);
const TEXT = readFileSync(COMPOSE_FILE, 'utf8');
/** A `.env` as commands on the host want it. */
const OF_THE_HOST = {
  OPENROUTER_API_KEY: 'sk-or-of-the-host',
  OPENROUTER_BASE_URL: 'http://localhost:9999/of-the-host',
  TURSO_DATABASE_URL: 'file:./of-the-host.db',
  TURSO_AUTH_TOKEN: 'token-of-the-host',
  DATABASE_URL: 'postgresql://localhost/of-the-host',
  TEMPORAL_ADDRESS: 'localhost:7999',
  TEMPORAL_NAMESPACE: 'of-the-host',
  EMBEDDINGS_HOME: '/home/of-the-host',
  EMBEDDING_MODEL: 'of-the-host',
  CONCURRENCY: '99',
  LOG_LEVEL: 'trace',
};

const services = (file: ComposeFile): [string, Service][] => Object.entries(file.services);
const workerOf = (variables: Record<string, string> = {}): Service =>
  readCompose(variables).services.worker as Service;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** What the worker makes of its environment, its secrets as files of this test. */
function settingsIn(variables: Record<string, string>, secrets: Record<string, string>) {
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(folder.path, name), value);
  const environment = Object.entries(workerOf(variables).environment ?? {}).map(([name, value]) => [
    name,
    (value ?? '').replace('/run/secrets', folder.path),
  ]);
  return loadSettings(Object.fromEntries(environment), folder.path);
}

describe('every service of docker-compose.yml', () => {
  const file = readCompose();

  it('has logs that rotate, and a restart policy that ends', () => {
    for (const [name, service] of services(file)) {
      expect(service.logging?.options, name).toEqual({ 'max-size': '10m', 'max-file': '3' });
      expect(service.restart, name).toMatch(/^on-failure:\d+$/);
    }
  });

  it('has an image of a stated version that is still made', () => {
    const images = services(file).flatMap(([, { image }]) => (image === undefined ? [] : [image]));
    for (const image of images) {
      expect(image).toMatch(/:v?\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?$/);
      expect(image).not.toMatch(/auto-setup|docker-builds|tctl/);
    }
    const { temporal, 'temporal-schema': schema, 'temporal-namespace': namespace } = file.services;
    // A schema of one version and a server of another do not go together.
    const version = temporal?.image?.replace('temporalio/server:', '');
    expect([schema?.image, namespace?.image]).toEqual(Array(2).fill(`temporalio/admin-tools:${version}`));
  });

  it('waits for services that exist, for health only where it is asked, and for an end only where there is one', () => {
    for (const [name, { depends_on = {} }] of services(file))
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const awaited = file.services[other];
        expect(awaited, `${name} waits for ${other}`).toBeDefined();
        const once = awaited?.healthcheck === undefined;
        expect(condition, `${name} waits for ${other}`).toBe(
          once ? 'service_completed_successfully' : 'service_healthy',
        );
      }
  });

  it('is published on loopback alone', () => {
    for (const [, { ports = [] }] of services(file))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('has its named volumes, secrets and mounted files', () => {
    for (const [name, { volumes = [], secrets = [] }] of services(file)) {
      for (const secret of secrets) expect(Object.keys(file.secrets), name).toContain(secret);
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('.')) expect(existsSync(join(ROOT, source)), volume).toBe(true);
        else expect(Object.keys(file.volumes), name).toContain(source);
      }
    }
  });

  it('runs shell that a shell can read', () => {
    for (const [, { command = [] }] of services(file))
      if (command[0] === 'sh')
        execFileSync('sh', ['-n', '-c', command.at(-1) ?? ''], { stdio: ['ignore', 'ignore', 'pipe'] });
  });
});

describe('secrets', () => {
  it('are files, whatever is set; one that nobody names is an empty one', () => {
    for (const variables of [{}, OF_THE_HOST])
      for (const [name, source] of Object.entries(readCompose(variables).secrets)) {
        expect(Object.keys(source), name).toEqual(['file']);
        if (name === 'postgres_password') expect(existsSync(join(ROOT, source.file ?? ''))).toBe(true);
        else expect(source.file, name).toBe('/dev/null');
      }
  });

  it('are in no environment: neither a key nor a password stands in the file', () => {
    for (const [name, { environment = {} }] of services(readCompose(OF_THE_HOST)))
      for (const [variable, value] of Object.entries(environment))
        if (namesSecret(variable.replace(/_FILE$/, '')) || /PASSWORD|PWD/.test(variable))
          expect(`${variable}=${value}`, name).toMatch(/^\w+_FILE=(?:\/run\/secrets\/\w+)?$/);
  });

  it('reach the worker’s settings', () => {
    const names = ['OPENROUTER_API_KEY', 'DATABASE_URL', 'TURSO_AUTH_TOKEN'];
    const given = Object.fromEntries(names.map((name) => [`WORKER_${name}_FILE`, `./secrets/${name}`]));
    const settings = settingsIn(given, {
      openrouter_api_key: 'sk-or-v1-abcdefghijkl\n',
      database_url: 'postgresql://user:password@host/library\n',
      turso_auth_token: 'eyJhbGciOiJFZERTQSJ9.eyJhIjoicncifQ',
    });
    expect(settings).toMatchObject({
      apiKey: 'sk-or-v1-abcdefghijkl',
      catalogUrl: 'postgresql://user:password@host/library',
      storeToken: 'eyJhbGciOiJFZERTQSJ9.eyJhIjoicncifQ',
      storeUrl: 'http://libsql:8080?tls=0',
      codecKey: null,
    });
    for (const file of Object.values(given))
      expect(Object.values(readCompose(given).secrets)).toContainEqual({ file });
    expect(Object.keys(readCompose(given).secrets)).toEqual(
      expect.arrayContaining(workerOf(given).secrets ?? []),
    );
  });
});

describe('the worker', () => {
  it('gets nothing of the host’s own settings', () => {
    expect(readCompose(OF_THE_HOST)).toEqual(readCompose());
    expect(JSON.stringify(readCompose(OF_THE_HOST))).not.toContain('of-the-host');
  });

  it('takes each setting from WORKER_ and its name', () => {
    for (const [name, value] of Object.entries(workerOf().environment ?? {})) {
      const variable = `WORKER_${name}`;
      if (!TEXT.includes(`\${${variable}:`)) continue;
      const changed = workerOf({ [variable]: 'changed' }).environment ?? {};
      expect(changed[name], name).not.toBe(value);
      expect({ ...changed, [name]: value }).toEqual(workerOf().environment);
    }
    const asked = [...TEXT.matchAll(/\$\{(\w+)/g)].map(([, name]) => name ?? '');
    expect(asked.filter((name) => !name.startsWith('WORKER_'))).toEqual(['POSTGRES_PASSWORD_FILE']);
  });

  it('without a key names it and ends with an error, which its policy counts', async () => {
    const environment = workerOf().environment as Record<string, string>;
    const { code, stderr } = await runCli(folder.path, ['worker'], {
      ...environment,
      EMBEDDINGS_METRICS_ADDRESS: 'off',
    });
    expect(stderr).toContain('error: OPENROUTER_API_KEY environment variable must be set');
    expect(stderr).toContain('error: DATABASE_URL environment variable must be set');
    expect(code).toBe(2);
  });

  it('writes nowhere but on its tmpfs', () => {
    const { read_only, tmpfs = [], volumes = [] } = workerOf();
    expect(read_only).toBe(true);
    expect(volumes.every((volume) => volume.endsWith(':ro'))).toBe(true);
    const mounts = tmpfs.map((mount) => mount.split(':')[0]);
    const settings = settingsIn({}, {});
    // With a Temporal of its own a command logs to stderr (test/e2e/nothing-writable.test.ts): these are for the rest.
    expect(configuredTemporal(settings)).not.toBeNull();
    for (const path of [settings.home, workerLogFile(settings), '/tmp'])
      expect(
        mounts.some((mount) => path === mount || path.startsWith(`${mount}/`)),
        path,
      ).toBe(true);
    expect(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')).toContain(`EMBEDDINGS_HOME=${settings.home}\n`);
  });

  it('is asked after its health as the image says', () => {
    const asked = /HEALTHCHECK[\s\S]*?CMD (\[.*\])/.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'))?.[1];
    expect(workerOf().healthcheck?.test).toEqual(['CMD', ...JSON.parse(asked ?? '[]')]);
  });
});

describe('commands that a document gives for the container', () => {
  const documents = ['docker-compose.yml', 'README.md', 'docs/operations.md'];
  const lines = documents.flatMap((name) =>
    [...readFileSync(join(ROOT, name), 'utf8').matchAll(/node dist\/client\.js ([^\n`#|>]*)/g)].map(
      ([, line = '']) => line.replace(/\s{2,}.*/, '').trim(),
    ),
  );

  it.each(lines)('%s is a command of ours', (line) => {
    const program = buildProgram(process, () => undefined);
    const [first = '', ...rest] = line.split(/\s+/);
    const command = program.commands.find((each) => each.name() === first);
    const used =
      command === undefined ? program.commands.find((each) => each.name() === 'generate') : command;
    const known = [used, ...(used?.commands ?? [])].flatMap((each) => each?.options.map(({ long }) => long));
    for (const word of command === undefined ? [first, ...rest] : rest)
      if (word.startsWith('--')) expect(known, line).toContain(word);
    expect(command !== undefined || first.startsWith('--'), line).toBe(true);
  });

  it('are there', () => {
    expect(lines).toEqual(expect.arrayContaining(['--all', 'report --out -', 'doctor']));
  });
});

it('every YAML file of the repository is well formed', () => {
  const workflows = readdirSync(join(ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`);
  const settings = readdirSync(join(ROOT, 'compose')).map((name) => `compose/${name}`);
  const files = ['docker-compose.yml', ...workflows, ...settings].filter((name) => /\.ya?ml$/.test(name));
  expect(files.length).toBeGreaterThan(3);
  for (const name of files)
    expect(parseDocument(readFileSync(join(ROOT, name), 'utf8'), { merge: true }).errors, name).toEqual([]);
});

it('the token of a libSQL server goes into a file, its public key to .env', () => {
  const at = join(folder.path, 'secrets');
  mkdirSync(at);
  const token = join(at, 'turso_auth_token');
  const said = execFileSync(process.execPath, [join(ROOT, 'test/cluster/token.mjs'), token], {
    encoding: 'utf8',
  });
  expect(said).toMatch(/^SQLD_AUTH_JWT_KEY=[\w-]{43}\nWORKER_TURSO_AUTH_TOKEN_FILE=\S+turso_auth_token\n$/);
  expect(said).not.toContain(readFileSync(token, 'utf8'));
});
