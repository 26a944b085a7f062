import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A libSQL server that takes only tokens of our key. */
export function sqld(folder, { ports, publicKey }) {
  const address = `127.0.0.1:${ports.sqld}`;
  return {
    name: 'sqld',
    port: ports.sqld,
    command: [
      binary(),
      ...['--db-path', join(folder, 'sqld'), '--http-listen-addr', address],
      '--no-welcome',
    ],
    env: { PATH: process.env.PATH, SQLD_AUTH_JWT_KEY: publicKey },
    healthy: async () => (await fetch(`http://${address}/health`)).ok,
  };
}

function binary() {
  const modules = dirname(dirname(createRequire(import.meta.url).resolve('sqld/package.json')));
  const path = join(modules, '@sqld', `${process.platform}-${process.arch}`, 'sqld');
  chmodSync(path, 0o755);
  return path;
}
