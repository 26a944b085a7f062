import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { TemporalTarget } from './temporal.js';

type Options = TemporalTarget['connectionOptions'];

const PROBE_MS = 5000;

/**
 * Finds out why a Temporal does not answer. Returns one sentence that begins with the setting; null when this probe
 * finds no cause. gRPC itself only says that it could not connect.
 */
export async function connectionTrouble(options: Options): Promise<string | null> {
  const { address, tls } = options;
  if (!URL.canParse(`https://${address}`)) return null;
  if (!tls)
    return (await speaksTls(address))
      ? `TEMPORAL_TLS: Temporal at ${address} speaks TLS; set TEMPORAL_TLS=true`
      : null;
  const error = await handshake(options).catch((unreadable: NodeJS.ErrnoException) => unreadable);
  return error === null ? null : explain(error, options);
}

/** The start of an HTTP/2 connection: the client's preface and an empty SETTINGS frame. */
const HELLO = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.of(0, 0, 0, 4, 0, 0, 0, 0, 0),
]);

/** Connects as gRPC does. Returns null when the server accepts it, or does not answer within the time limit. */
async function handshake({ address, tls }: Options): Promise<NodeJS.ErrnoException | null> {
  const { serverNameOverride, serverRootCACertificate: ca, clientCertPair: pair } = detailsOf(tls);
  const options = {
    ...(serverNameOverride && { servername: serverNameOverride }),
    ...(ca && { ca: Buffer.from(ca) }),
    ...(pair && { cert: Buffer.from(pair.crt), key: Buffer.from(pair.key) }),
  };
  return probe<NodeJS.ErrnoException | null>(address, options, null, (socket, end) => {
    let secure = false;
    socket.once('secureConnect', () => {
      secure = true;
      socket.write(HELLO);
    });
    // The server answers after it has checked our certificate. A server that misses one may send nothing.
    socket.once('data', () => end(null));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(secure || error.code !== 'ECONNRESET' ? error : null),
    );
    socket.once('close', () =>
      end(secure ? Object.assign(new Error('closed'), { code: 'ECONNRESET' }) : null),
    );
  });
}

/** Returns whether a TLS handshake begins at that address, whatever the certificate. */
const speaksTls = (address: string): Promise<boolean> =>
  probe(address, { rejectUnauthorized: false }, false, (socket, end) => {
    socket.once('secureConnect', () => end(true));
    // A TLS alert also shows that the server speaks TLS.
    socket.once('error', (error) => end(/alert/i.test(error.message)));
    socket.once('close', () => end(false));
  });

/** Opens a TLS connection, passes it to `look` and closes it. Resolves with `late` after five seconds. */
function probe<T>(
  address: string,
  options: ConnectionOptions,
  late: T,
  look: (socket: TLSSocket, end: (answer: T) => void) => void,
): Promise<T> {
  const { hostname, port } = new URL(`https://${address}`);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(late), PROBE_MS);
    const end = (answer: T): void => {
      clearTimeout(timer);
      resolve(answer);
      socket?.destroy();
    };
    let socket: TLSSocket | null = null;
    try {
      const host = hostname.replace(/^\[|\]$/g, '');
      socket = connect({ host, port: Number(port || 443), ALPNProtocols: ['h2'], ...options });
      socket.on('error', () => undefined);
      look(socket, end);
    } catch (error) {
      clearTimeout(timer);
      // Certificates that cannot be read throw before anything is sent.
      reject(error);
    }
  });
}

const detailsOf = (tls: Options['tls']) => (typeof tls === 'object' && tls !== null ? tls : {});

function explain({ code = '', message }: NodeJS.ErrnoException, { address, tls }: Options): string | null {
  const own = detailsOf(tls);
  const ca = own.serverRootCACertificate
    ? 'is not signed by that CA'
    : 'is signed by a CA that this machine does not know: name the file of that CA';
  if (/^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_UNTRUSTED|CERT_SIGNATURE)/.test(code))
    return `TEMPORAL_TLS_SERVER_CA_CERT_PATH: the certificate of Temporal at ${address} ${ca} (${code})`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `TEMPORAL_TLS_SERVER_NAME: the certificate of Temporal at ${address} is for another name: set this to the name in it`;
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `TEMPORAL_ADDRESS: the certificate of Temporal at ${address} is out of date: its owner must renew it`;
  if (/wrong.version.number|packet.length/i.test(`${code} ${message}`))
    return `TEMPORAL_TLS: Temporal at ${address} speaks no TLS; set TEMPORAL_TLS=false, or another TEMPORAL_ADDRESS`;
  if (/alert/i.test(`${code} ${message}`) || code === 'ECONNRESET')
    return `TEMPORAL_TLS_CLIENT_CERT_PATH: Temporal at ${address} does not accept ${own.clientCertPair ? 'this client certificate' : 'us without a client certificate'}`;
  if (/^ERR_(OSSL|SSL)/.test(code))
    return `TEMPORAL_TLS_CLIENT_KEY_PATH: the CA, the client certificate or its key cannot be used: each must be PEM, and key and certificate a pair (${code})`;
  return null;
}
