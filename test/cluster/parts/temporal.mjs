import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { findTemporalCli } from '../../../dist/local/temporal/find-binary.js';
import { temporalBinaries } from './temporal-binaries.mjs';
import { temporalConfig } from './temporal-config.mjs';

const SCHEMAS = {
  temporal: 'postgresql/v12/temporal',
  temporal_visibility: 'postgresql/v12/visibility',
};

/** Sets up or updates the schemas, writes the configuration, and returns the real server. PostgreSQL must serve. */
export function temporalServer(folder, identity, log) {
  const { server, sqlTool } = temporalBinaries(log);
  for (const [database, schema] of Object.entries(SCHEMAS)) setUp(sqlTool, identity, database, schema);
  const config = join(folder, 'temporal-server.yaml');
  const dynamic = join(folder, 'temporal-dynamic.yaml');
  writeFileSync(dynamic, '{}\n');
  writeFileSync(config, JSON.stringify(temporalConfig(identity, dynamic), null, 2), { mode: 0o600 });
  return {
    name: 'temporal',
    port: identity.ports.temporal,
    command: [server, '--config-file', config, '--allow-no-auth', 'start'],
    env: { PATH: process.env.PATH },
    healthy: () => serves(identity),
  };
}

/** Sets up and updates the schemas, which are inside the tool; current ones are left unchanged. */
function setUp(sqlTool, { ports, password }, database, schema) {
  const env = {
    SQL_PLUGIN: 'postgres12',
    SQL_HOST: '127.0.0.1',
    SQL_PORT: String(ports.postgresql),
    SQL_USER: 'postgres',
    SQL_PASSWORD: password,
    SQL_DATABASE: database,
  };
  const tool = (...args) => execFileSync(sqlTool, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  tool('setup-schema', '--version', '0.0');
  tool('update-schema', '--schema-name', schema);
}

/** Returns the dev server instead, on a file, as in `npm test`. */
export async function temporalDevServer(folder, identity, log) {
  const cacheDir = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sample-embeddings');
  const cli = await findTemporalCli({ pathVar: process.env.PATH ?? '', cacheDir, log });
  const port = ['--ip', '127.0.0.1', '--port', String(identity.ports.temporal), '--headless'];
  const file = ['--db-filename', join(folder, 'temporal.db'), '--sqlite-pragma', 'journal_mode=WAL'];
  return {
    name: 'temporal',
    port: identity.ports.temporal,
    command: [cli, 'server', 'start-dev', ...port, ...file, '--log-level', 'error'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    healthy: () => serves(identity),
  };
}

const connect = ({ ports }) =>
  Connection.connect({ address: `127.0.0.1:${ports.temporal}`, connectTimeout: 2000 });

/** Returns true if Temporal's frontend answers from its database; throws otherwise. */
async function serves(identity) {
  const connection = await connect(identity);
  try {
    await connection.withDeadline(Date.now() + 2000, () => connection.workflowService.listNamespaces({}));
    return true;
  } finally {
    await connection.close();
  }
}

/** Creates a namespace if it is missing; resolves once workflows can be started in it. */
export async function openNamespace(identity, namespace) {
  const connection = await connect(identity);
  const { workflowService: service } = connection;
  const ALREADY_EXISTS = 6;
  const seconds = 7 * 86_400;
  try {
    await service
      .registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds } })
      .catch((error) => {
        if (error.code !== ALREADY_EXISTS) throw error;
      });
    // The server's services learn of the namespace one after another.
    for (let tries = 1; ; tries++) {
      const known = await service
        .describeTaskQueue({ namespace, taskQueue: { name: 'any' }, taskQueueType: 1 })
        .catch(() => null);
      if (known !== null) return;
      if (tries === 200) throw new Error(`Temporal does not know its new namespace ${namespace}`);
      await wait(100);
    }
  } finally {
    await connection.close();
  }
}
