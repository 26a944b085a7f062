/** Describes a proxy's error as a sentence that names its variable. In that case nothing has reached the server. */

export const proxyError = (message: string): Error =>
  Object.assign(new Error(message), { code: 'ERR_PROXY' });

/** Returns the error as the proxy's; null if it is the server's, or if no proxy was used. */
export function proxyFault(error: unknown, name: string, proxy: string, { host }: URL): Error | null {
  const cause = innermost(error);
  if (cause === error) return null;
  const { code, message, port, hostname } = cause as Connecting;
  const cure = `correct ${name}, or name the host in NO_PROXY`;
  const status = /^Proxy response \((\d+)\)/.exec(message)?.[1];
  if (status !== undefined)
    return proxyError(`the proxy of ${name} refuses a connection to ${host} (${status}): ${cure}`);
  const { hostname: proxyHost, port: given, protocol } = new URL(proxy);
  const proxyPort = Number(given || (protocol === 'https:' ? 443 : 80));
  const isProxy =
    hostname === proxyHost || port === proxyPort || message.includes(`${proxyHost}:${proxyPort}`);
  return isProxy && BEFORE_TUNNEL.has(code ?? '')
    ? proxyError(`the proxy of ${name} cannot be reached for ${host} (${code}): ${cure}`)
    : null;
}

/** Returns the innermost cause: fetch wraps the error, and undici's tunnel wraps it once more. */
function innermost(error: unknown): unknown {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  return at;
}

type Connecting = NodeJS.ErrnoException & { port?: number; hostname?: string };

const BEFORE_TUNNEL = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
