import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { loadEmbeddedPostgres, othersMayEnter, postgresPrograms } from '../../support/embedded-postgres.mjs';

/** Databases: two of Temporal, and the catalog. */
const DATABASES = ['temporal', 'temporal_visibility', 'library'];

/** Returns the part for a real PostgreSQL on loopback with a password; its data survive `down`. */
export async function postgresql(folder, { ports, password }) {
  const asRoot = process.getuid?.() === 0;
  const data = dataFolder(folder, asRoot);
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(data, password, asRoot);
  const { postgres } = await postgresPrograms();
  const flags = { fsync: 'off', listen_addresses: '127.0.0.1', unix_socket_directories: '' };
  return {
    name: 'postgresql',
    port: ports.postgresql,
    data,
    command: [
      postgres,
      ...['-D', data, '-p', String(ports.postgresql)],
      ...Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: { PATH: process.env.PATH },
    cwd: '/',
    ...(asRoot && { uid: idOf('-u'), gid: idOf('-g') }),
    // "Fast" mode ends open connections and writes the data.
    stopSignal: 'SIGINT',
    healthy: async () => {
      await query(urlOf({ ports, password }, 'postgres'), 'select 1');
      return true;
    },
  };
}

/** Returns the data folder. As root, PostgreSQL runs as another user, who may be unable to enter a private checkout. */
function dataFolder(folder, asRoot) {
  if (!asRoot || othersMayEnter(folder)) return join(folder, 'postgresql');
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return join(tmpdir(), `sample-embeddings-cluster-postgresql-${name}`);
}

async function initialise(databaseDir, password, asRoot) {
  const Server = await loadEmbeddedPostgres();
  const server = new Server({
    databaseDir,
    password,
    createPostgresUser: asRoot,
    initdbFlags: ['--encoding=UTF8', '--no-sync', '--auth-host=scram-sha-256'],
    onLog: () => undefined,
  });
  await server.initialise();
}

const idOf = (which) => Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));

export const urlOf = ({ ports, password }, database) =>
  `postgresql://postgres:${password}@127.0.0.1:${ports.postgresql}/${database}`;

/** Creates the databases that do not exist yet. */
export async function createDatabases(identity) {
  const url = urlOf(identity, 'postgres');
  const there = (await query(url, 'select datname from pg_database')).map(({ datname }) => datname);
  for (const name of DATABASES) if (!there.includes(name)) await query(url, `create database ${name}`);
}

/** Runs one statement on a separate connection. */
export async function query(url, text, values) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
