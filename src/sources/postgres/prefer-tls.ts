import { connect, type Socket } from 'node:net';

/** PostgreSQL's SSLRequest: its length, and a version number that no protocol uses. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Asks a PostgreSQL server (or a pooler before it) whether it supports TLS, as libpq does for `sslmode=prefer`; `pg`
 * alone never falls back. False for a Unix socket. Rejects when the server cannot be reached within `timeoutMs`.
 */
export async function offersTls(host: string, port: number, timeoutMs: number): Promise<boolean> {
  if (host.startsWith('/')) return false;
  const socket = connect({ host, port });
  try {
    return (await firstByte(socket, timeoutMs)) === 'S';
  } finally {
    socket.destroy();
  }
}

function firstByte(socket: Socket, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(timeoutMs, () => reject(new Error(`no answer within ${timeoutMs / 1000} s`)));
    socket.once('error', reject);
    // The server is being restarted. The connection that follows will report it.
    socket.once('close', () => resolve('N'));
    socket.once('connect', () => socket.write(SSL_REQUEST));
    socket.once('data', (data) => resolve(data.toString('latin1', 0, 1)));
  });
}
