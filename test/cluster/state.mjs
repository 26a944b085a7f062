import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstFree } from '../../dist/local/temporal/ports.js';
import { makeStoreKey } from './token.mjs';

const PORTS = [
  ...['postgresql', 'sqld', 'provider', 'temporal'],
  ...['history', 'matching', 'worker'],
  ...['frontendMember', 'historyMember', 'matchingMember', 'workerMember'],
];

const write = (path, value) => {
  writeFileSync(`${path}.new`, typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`, {
    mode: 0o600,
  });
  renameSync(`${path}.new`, path);
};

/** Reads `cluster.json`, the list of what is running; null when there is none. */
export function readState(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'cluster.json'), 'utf8'));
  } catch {
    return null;
  }
}

export const writeState = (folder, state) => write(join(folder, 'cluster.json'), state);

/**
 * Returns what stays the same from one `up` to the next: ports (Temporal's database stores its own), PostgreSQL's
 * password, sqld's public key and our token. Created when missing, readable by this user only.
 */
export async function openIdentity(folder) {
  mkdirSync(folder, { recursive: true });
  // Under root, PostgreSQL runs as another user, who may enter the folder but not list it.
  chmodSync(folder, 0o711);
  const file = join(folder, 'identity.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const ports = {};
  for (const name of PORTS) {
    const taken = new Set(Object.values(ports));
    do ports[name] = await firstFree([]);
    while (taken.has(ports[name]));
  }
  const identity = { ports, password: randomBytes(18).toString('hex'), ...makeStoreKey() };
  write(file, identity);
  return identity;
}

/** Returns the settings with which every command of the product uses the cluster. */
export function settingsOf({ ports, password, token }) {
  return {
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    TEMPORAL_NAMESPACE: 'default',
    DATABASE_URL: `postgresql://postgres:${password}@127.0.0.1:${ports.postgresql}/library`,
    TURSO_DATABASE_URL: `http://127.0.0.1:${ports.sqld}`,
    TURSO_AUTH_TOKEN: token,
    OPENROUTER_BASE_URL: `http://127.0.0.1:${ports.provider}/api/v1`,
    OPENROUTER_API_KEY: 'sk-sandbox',
  };
}

/** Writes `cluster.env`, which both a shell and dotenv can read, and returns its path. */
export function writeSettings(folder, identity) {
  const path = join(folder, 'cluster.env');
  const lines = Object.entries(settingsOf(identity)).map(([name, value]) => `${name}=${value}`);
  write(path, `${lines.join('\n')}\n`);
  return path;
}
