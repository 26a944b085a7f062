import { homedir } from 'node:os';

/** What a program that downloads needs to get through the network: proxies and certificates, pip's own settings for pip. */
const NETWORK =
  /^(https?_proxy|all_proxy|no_proxy|ssl_cert_(file|dir)|node_extra_ca_certs|requests_ca_bundle|curl_ca_bundle)$/i;
const PIP = /^PIP_\w+$/;
/** Where a program finds its user's folders, in which language it speaks, and how much memory one in Go may take. */
const COMMON = /^(HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|XDG_\w+|GOGC|GOMEMLIMIT)$/;

/**
 * The environment of a helper program: PATH and names of this list, so that no key, token or password of ours reaches
 * it, and no NODE_OPTIONS or TEMPORAL_* of the caller's changes what it does.
 */
export function helperEnvironment(
  pathVar: string,
  needs: 'nothing' | 'network' | 'pip' = 'nothing',
  from: Record<string, string | undefined> = process.env,
): Record<string, string> {
  const passes = (name: string): boolean =>
    COMMON.test(name) || (needs !== 'nothing' && NETWORK.test(name)) || (needs === 'pip' && PIP.test(name));
  const passed = Object.entries(from).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && passes(entry[0]),
  );
  return { ...userHome(), ...Object.fromEntries(passed), PATH: pathVar };
}

/** As the system knows it, where HOME is not set; a user whom it does not know has none. */
function userHome(): Record<string, string> {
  try {
    return { HOME: homedir() };
  } catch {
    return {};
  }
}
