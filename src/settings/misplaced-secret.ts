/**
 * Refuses a key or a password in the wrong variable before a command does anything. It would be shown in messages, kept
 * in files and in Temporal's history, or become the name of a folder.
 */
import { existsSync } from 'node:fs';
import { usageFault } from '../fault.js';
import { looksLikePath, shownValue } from '../hide-secrets.js';
import { namesSecret, namesUrl } from './secret-names.js';

/** Keys of providers, of OAuth and of code hosts; JSON Web Tokens; PEM. */
const KEY =
  /(?<![A-Za-z0-9])(?:(?:sk|pk|rk)-[\w-]{8,}|(?:gh[pousr]|github_pat|glpat|xox[abprs]|hf)[_-][\w-]{16,}|AKIA[A-Z0-9]{16}|eyJ[\w-]{8,}\.[\w-]{8,})|-----BEGIN /;
/** A user name and a password before a host. */
const LOGIN = /\/\/[^/\s@]*:[^\s@]+@/;
/** Only letters, digits and padding, with each class present: unlikely as a name that a person chooses. */
const RANDOM = /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+]{32,}={0,2}$|^[A-Za-z0-9+/]{40,}={1,2}$/;
/** Not checked for a build id, which may be a commit. */
const HEXADECIMAL = /^[0-9a-f]{40,}$/i;

/** Settings that are sent as a header. */
const SENT = /^(?:OPENROUTER_(?:API|MANAGEMENT)_KEY|TURSO_AUTH_TOKEN|TEMPORAL_API_KEY)$/;
/** The address of a store, a catalog or a server, even one with a typing error. */
const ADDRESS = /:\/\/|^(?:file|sqlite|libsql|postgres(?:ql)?|https?|wss?)(?::|\/\/)/i;

/** Shorter known secrets may be ordinary words that another value contains. */
const SHORTEST = 16;
/** Minimum length at which a single word is refused as DATABASE_URL. */
const SHORTEST_BARE = 8;

/** Throws a usage Fault that names the first of our variables with a secret in it, never the secret. */
export function checkMisplaced(values: Readonly<Record<string, string>>): void {
  const known = Object.entries(values).filter(
    ([name, value]) => namesSecret(name) && value.length >= SHORTEST,
  );
  for (const [name, value] of Object.entries(values)) {
    if (SENT.test(name) && ADDRESS.test(value))
      throw usageFault(`${name} holds a URL, which would be sent as a key: move it to the right variable`);
    if (namesSecret(name)) continue;
    const holds = (secret: string): boolean => (namesUrl(name) ? value === secret : value.includes(secret));
    const holder = known.find(([, secret]) => holds(secret))?.[0];
    if (holder !== undefined)
      throw usageFault(`${name} holds the value of ${holder}: set ${name} to its own value`);
    if (name === 'DATABASE_URL' && isNoCatalog(value))
      throw usageFault(
        `DATABASE_URL names no catalog, got ${shownValue(value)}: write postgresql://user:password@host/database, or the path of an existing SQLite file`,
      );
    if (namesUrl(name) ? isSecretItself(value) : looksSecret(name, value))
      throw usageFault(
        `${name} holds what looks like a key or a password (not shown): move it to the right variable`,
      );
  }
}

/** A URL may contain a token in its query, so only a value that is itself a secret, and no URL, is misplaced. */
const isSecretItself = (value: string): boolean => KEY.exec(value)?.index === 0 || RANDOM.test(value);

/** Returns whether a longer single word is not the name of an existing file, and so cannot be a catalog. */
const isNoCatalog = (value: string): boolean =>
  value.length >= SHORTEST_BARE &&
  !ADDRESS.test(value) &&
  !looksLikePath(value) &&
  !value.includes(':') &&
  !existsSync(value);

const looksSecret = (name: string, value: string): boolean =>
  KEY.test(value) ||
  LOGIN.test(value) ||
  RANDOM.test(value) ||
  (name !== 'EMBEDDINGS_BUILD_ID' && HEXADECIMAL.test(value));
