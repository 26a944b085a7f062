import { generateKeyPairSync, sign } from 'node:crypto';

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * A key pair for sqld's `--auth-jwt-key-file` (Ed25519, the public key as PEM), and a token of that key for
 * TURSO_AUTH_TOKEN that may read and write, for so many days. The private key is kept by nobody.
 */
export function makeStoreKey({ days = 365 } = {}) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const expires = Math.floor(Date.now() / 1000) + days * 86_400;
  const signed = `${base64url({ alg: 'EdDSA', typ: 'JWT' })}.${base64url({ a: 'rw', exp: expires })}`;
  const token = `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
  return { publicKey: publicKey.export({ type: 'spki', format: 'pem' }), token };
}
