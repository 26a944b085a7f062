import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** The last bytes of an Ed25519 public key in SPKI form are the raw key. */
const RAW_KEY_BYTES = 32;

/**
 * Creates an Ed25519 key pair. `publicKey` is for sqld's SQLD_AUTH_JWT_KEY; `token` is for TURSO_AUTH_TOKEN, and may
 * read and write for `days` days. The private key is not stored, so a new token needs a new pair.
 */
export function makeStoreKey({ days = 365 } = {}) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const expires = Math.floor(Date.now() / 1000) + days * 86_400;
  const signed = `${base64url({ alg: 'EdDSA', typ: 'JWT' })}.${base64url({ a: 'rw', exp: expires })}`;
  return {
    publicKey: publicKey
      .export({ type: 'spki', format: 'der' })
      .subarray(-RAW_KEY_BYTES)
      .toString('base64url'),
    token: `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`,
  };
}

// `node test/cluster/token.mjs secrets/turso_auth_token >> .env`: for docker compose; the container's user reads it.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , file] = process.argv;
  if (file === undefined) throw new Error('name the file for the token, as secrets/turso_auth_token');
  const { publicKey, token } = makeStoreKey();
  writeFileSync(file, token, { mode: 0o644 });
  console.log(`SQLD_AUTH_JWT_KEY=${publicKey}\nWORKER_TURSO_AUTH_TOKEN_FILE=${resolve(file)}`);
}
