/**
 * How requests to the provider and to the store's server leave this machine: through the proxy that http_proxy and
 * https_proxy name, except to NO_PROXY's hosts; never through one to loopback. Each name may be in capitals. They are
 * the machine's, so they are read from the environment and not from `.env`.
 */
import { isLoopback } from './loopback.js';
import { isInNetworks } from './networks.js';
import { proxyError, proxyFault } from './proxy-fault.js';

const NAMES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/** The variable in force for that scheme: http_proxy also for https where it stands alone, as undici has it. */
const variableFor = (protocol: string): string | undefined =>
  NAMES.slice(protocol === 'https:' ? 0 : 2).find((name) => process.env[name]);

/** fetch, through a proxy where one is set for that address. A fault of the proxy is an Error with code ERR_PROXY. */
export const outgoingFetch: typeof fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const name = variableFor(url.protocol);
  // Newer versions of Node can be told to use proxies by themselves, for loopback too.
  if (name === undefined && !process.env.NODE_USE_ENV_PROXY) return fetch(input, init);
  agents ??= openAgents();
  const { byProxy, directly } = await agents;
  const sent = await taken(input, init);
  const noProxy = process.env.no_proxy ?? process.env.NO_PROXY ?? '';
  if (name === undefined || isLoopback(url.hostname) || isInNetworks(url.hostname, noProxy))
    return directly(...sent);
  return byProxy(...sent).catch((error: unknown) => {
    throw proxyFault(error, name, process.env[name] ?? '', url) ?? error;
  });
};

type Sent = [url: string, init: RequestInit | undefined];

/** undici takes no Request of Node's own. */
async function taken(input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Sent> {
  if (!(input instanceof Request)) return [String(input), init];
  const { method, headers, signal } = input;
  const body = input.body === null ? null : await input.arrayBuffer();
  return [input.url, { method, headers: [...headers], signal, body, ...init }];
}

type Send = (...sent: Sent) => Promise<Response>;

let agents: Promise<{ byProxy: Send; directly: Send }> | undefined;

/** undici with its own fetch, since Node's may be of another version; loaded only where there is a proxy. */
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

/** Without its warning that it is experimental, which would stand before every answer on stderr. */
function quietly<T>(make: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return make();
  } finally {
    process.emitWarning = emitWarning;
  }
}
