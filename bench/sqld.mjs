import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { firstFree } from '../dist/local/temporal/ports.js';
import { sqldArguments, sqldProgram } from '../test/support/sqld-program.mjs';

/** Starts a libSQL server on loopback with its data in `folder`; resolves once it accepts requests. */
export async function startSqld(folder) {
  const port = await firstFree([]);
  const server = spawn(sqldProgram(), sqldArguments(folder, port), { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const healthy = () =>
    fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await healthy())) await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    ...{ url, port },
    async stop() {
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
  };
}
