import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstFree } from '../../src/local/temporal/ports.js';
import { sqldArguments, sqldProgram } from './sqld-program.mjs';

/** A real libSQL server over HTTP on loopback, with its data in a temporary folder. */
export interface TestSqld {
  /** For TURSO_DATABASE_URL. */
  url: string;
  kill(): Promise<void>;
  /** Starts the server again on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A process that a signal ended has no exit code. */
const ended = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

export async function startSqld(): Promise<TestSqld> {
  const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-sqld-'));
  const port = await firstFree([]);
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;

  const restart = async (): Promise<void> => {
    const server = spawn(sqldProgram(), sqldArguments(folder, port), { stdio: 'ignore' });
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
