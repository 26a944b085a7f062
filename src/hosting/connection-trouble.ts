import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { TemporalTarget } from './temporal.js';

type Options = TemporalTarget['connectionOptions'];

const PROBE_MS = 5000;

/**
 * What is wrong between us and a Temporal that does not answer, as one sentence that begins with the setting; null:
 * nothing that this look can tell. gRPC itself only says that it could not connect.
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

/** How HTTP/2 begins: the client's preface, and settings that ask for nothing. */
const HELLO = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.of(0, 0, 0, 4, 0, 0, 0, 0, 0),
]);

/** Begins as gRPC does; null when the server went along with it, or takes longer than we look. */
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
    // The server's answer comes after it has looked at our certificate; that it lacks one it may say by silence.
    socket.once('data', () => end(null));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(secure || error.code !== 'ECONNRESET' ? error : null),
    );
    socket.once('close', () =>
      end(secure ? Object.assign(new Error('closed'), { code: 'ECONNRESET' }) : null),
    );
  });
}

/** Whether a TLS handshake begins there at all, whosever certificate it shows. */
const speaksTls = (address: string): Promise<boolean> =>
  probe(address, { rejectUnauthorized: false }, false, (socket, end) => {
    socket.once('secureConnect', () => end(true));
    // An alert is an answer in TLS.
    socket.once('error', (error) => end(/alert/i.test(error.message)));
    socket.once('close', () => end(false));
  });

/** A TLS connection that is looked at, for five seconds at most, and ended. */
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
      // Certificates that cannot be read are refused before anything is sent.
      reject(error);
    }
  });
}

const detailsOf = (tls: Options['tls']) => (typeof tls === 'object' && tls !== null ? tls : {});

function explain({ code = '', message }: NodeJS.ErrnoException, { address, tls }: Options): string | null {
  const own = detailsOf(tls);
  const ca = own.serverRootCACertificate
    ? 'is not of that CA'
    : 'is of a CA that this machine does not know: name its file';
  if (/^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_UNTRUSTED|CERT_SIGNATURE)/.test(code))
    return `TEMPORAL_TLS_SERVER_CA_CERT_PATH: the certificate of Temporal at ${address} ${ca} (${code})`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `TEMPORAL_TLS_SERVER_NAME: the certificate of Temporal at ${address} is for another name: set the one it is for`;
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
