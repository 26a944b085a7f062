/**
 * How requests to the provider and to the store's server leave this machine: through the proxy of http_proxy and
 * https_proxy, except to NO_PROXY's hosts, and never through a proxy to loopback. Each name may be in upper case. They
 * belong to the machine, so they are read from the environment and not from `.env`.
 */
import { isLoopback } from './loopback.js';
import { isInNetworks } from './networks.js';
import { proxyError, proxyFault } from './proxy-fault.js';

const NAMES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/** Returns the variable that applies to a scheme. http_proxy alone applies to https too, as in undici. */
const variableFor = (protocol: string): string | undefined =>
  NAMES.slice(protocol === 'https:' ? 0 : 2).find((name) => process.env[name]);

/** Calls fetch, through a proxy if one is set for the address. A fault of the proxy is an Error with code ERR_PROXY. */
export const outgoingFetch: typeof fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const name = variableFor(url.protocol);
  // NODE_USE_ENV_PROXY makes newer versions of Node use proxies on their own, even for loopback.
  if (name === undefined && !process.env.NODE_USE_ENV_PROXY) return fetch(input, init);
  agents ??= openAgents();
  const { byProxy, directly } = await agents;
  const sent = await toUndiciArguments(input, init);
  const noProxy = process.env.no_proxy ?? process.env.NO_PROXY ?? '';
  if (name === undefined || isLoopback(url.hostname) || isInNetworks(url.hostname, noProxy))
    return directly(...sent);
  return byProxy(...sent).catch((error: unknown) => {
    throw proxyFault(error, name, process.env[name] ?? '', url) ?? error;
  });
};

type Sent = [url: string, init: RequestInit | undefined];

/** Converts a Request of Node, which undici does not accept, to a URL and options. */
async function toUndiciArguments(input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Sent> {
  if (!(input instanceof Request)) return [String(input), init];
  const { method, headers, signal } = input;
  const body = input.body === null ? null : await input.arrayBuffer();
  return [input.url, { method, headers: [...headers], signal, body, ...init }];
}

type Send = (...sent: Sent) => Promise<Response>;

let agents: Promise<{ byProxy: Send; directly: Send }> | undefined;

/** Loads undici with its own fetch, since Node's may be of another version. Only called if a proxy may be used. */
async function openAgents(): Promise<{ byProxy: Send; directly: Send }> {
  const undici = await import('undici');
  for (const name of NAMES) {
    const value = process.env[name];
    if (value && !(/^https?:\/\//i.test(value) && URL.canParse(value)))
      throw proxyError(`${name} must be http://host:port: no other kind of proxy can be used`);
  }
  const by =
    (dispatcher: InstanceType<typeof undici.Dispatcher>): Send =>
    (url, init) =>
      undici.fetch(url, { ...(init as object), dispatcher }) as unknown as Promise<Response>;
  return { byProxy: by(quietly(() => new undici.EnvHttpProxyAgent())), directly: by(new undici.Agent()) };
}

/**
 * Runs `make` without undici's warning that it is experimental, which would be printed on stderr before every answer.
 */
function quietly<T>(make: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return make();
  } finally {
    process.emitWarning = emitWarning;
  }
}
