/**
 * The threat: a command is run in another user's folder, whose `.env` names a program to run, or a server that would
 * receive the key from the user's environment. Such a setting is taken from `.env` only if the secret is in the same
 * file.
 */
import { usageFault } from '../fault.js';
import { namesSecret } from './secret-names.js';

type Values = Readonly<Record<string, string>>;

/** Settings that name a destination, and the secret sent there; `sends`: whether that value causes it to be sent. */
const DESTINATIONS: readonly { setting: RegExp; secret: string; sends(value: string): boolean }[] = [
  {
    setting: /^OPENROUTER_BASE_URL$/,
    secret: 'OPENROUTER_API_KEY',
    sends: (value) => !/^https:\/\/openrouter\.ai\/api\/v1\/*$/.test(value),
  },
  {
    setting: /^TURSO_DATABASE_URL$/,
    secret: 'TURSO_AUTH_TOKEN',
    sends: (value) => !/^file:/i.test(value),
  },
  {
    setting: /^TEMPORAL_(?:ADDRESS|PROFILE|CONFIG_FILE|TLS.*)$/,
    secret: 'TEMPORAL_API_KEY',
    sends: () => true,
  },
  {
    // PostgreSQL's client uses PGPASSWORD if the URL has no password.
    setting: /^DATABASE_URL$/,
    secret: 'PGPASSWORD',
    sends: (value) => /^postgres/i.test(value) && !/:\/*[^:@/]*:[^@]*@/.test(value),
  },
];

const PROGRAM = 'TEMPORAL_CLI_PATH';

/**
 * Throws a usage Fault if `.env` would decide where a secret of the environment is sent. `values`: merged from both.
 */
export function checkOneSource(values: Values, fromFile: Values, file: string): void {
  const inFile = (name: string): boolean => name in values && fromFile[name] === values[name];
  for (const name of Object.keys(fromFile).filter(inFile)) {
    const value = values[name] ?? '';
    for (const { setting, secret, sends } of DESTINATIONS)
      if (setting.test(name) && secret in values && !inFile(secret) && sends(value))
        throw usageFault(
          `${name} is set in ${file}, but ${secret} comes from the environment and would be sent there: set both in the environment, or both in that file`,
        );
  }
  if (!inFile(PROGRAM)) return;
  const secrets = Object.keys(values).filter(namesSecret);
  const foreign = secrets.find((name) => !inFile(name));
  if (foreign !== undefined || secrets.length === 0)
    throw usageFault(
      `${PROGRAM} is set in ${file} and names a program to run, but ${foreign ?? 'OPENROUTER_API_KEY'} does not come from that file: set ${PROGRAM} in the environment`,
    );
}
