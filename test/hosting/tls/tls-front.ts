import { readFileSync } from 'node:fs';
import { connect, constants, createSecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface TlsFront {
  /** `localhost:PORT`. */
  address: string;
  /** The `authorization` of every call that came. */
  authorizations: (string | undefined)[];
  close(): Promise<void>;
}

/** Speaks TLS, and passes each gRPC call on to a Temporal that speaks none; `clientCa`: asks for a certificate of it. */
export async function startTlsFront(
  to: string,
  { cert, key, clientCa }: { cert: string; key: string; clientCa?: string },
): Promise<TlsFront> {
  const authorizations: (string | undefined)[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const behind = connect(`http://${to}`);
  behind.on('error', () => undefined);
  const server = createSecureServer({
    cert: readFileSync(cert),
    key: readFileSync(key),
    ...(clientCa !== undefined && {
      ca: readFileSync(clientCa),
      requestCert: true,
      rejectUnauthorized: true,
    }),
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
    session.on('close', () => sessions.delete(session));
  });
  server.on('sessionError', () => undefined);
  server.on('stream', (near, headers) => {
    authorizations.push(headers.authorization);
    const far = behind.request({ ...headers, ':scheme': 'http', ':authority': to });
    let trailers = {};
    far.on('response', (answer, flags) => {
      const end = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      if (!near.destroyed) near.respond(answer, { waitForTrailers: !end, endStream: end });
    });
    far.on('trailers', (last) => {
      trailers = last;
    });
    near.on('wantTrailers', () => near.sendTrailers(trailers));
    far.on('data', (bytes) => near.write(bytes));
    far.on('end', () => near.end());
    near.pipe(far);
    near.on('error', () => far.close());
    far.on('error', () => near.close());
    near.on('close', () => far.close());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `localhost:${(server.address() as AddressInfo).port}`,
    authorizations,
    async close() {
      for (const session of sessions) session.destroy();
      behind.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
