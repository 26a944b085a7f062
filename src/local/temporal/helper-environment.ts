import { homedir } from 'node:os';

/** What downloads need for the network: proxies and certificates; for pip also its own settings. */
const NETWORK =
  /^(https?_proxy|all_proxy|no_proxy|ssl_cert_(file|dir)|node_extra_ca_certs|requests_ca_bundle|curl_ca_bundle)$/i;
const PIP = /^PIP_\w+$/;
/** Variables for a user's folders, the language, and the memory limits of Go programs. */
const COMMON = /^(HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|XDG_\w+|GOGC|GOMEMLIMIT)$/;

/**
 * Returns the environment of a helper program: PATH and the listed names only. So none of our keys, tokens or passwords
 * reaches it, and none of the caller's NODE_OPTIONS or TEMPORAL_* changes its behaviour.
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

/** Returns HOME as the system knows it, used when HOME is not set. Empty for a user that the system does not know. */
function userHome(): Record<string, string> {
  try {
    return { HOME: homedir() };
  } catch {
    return {};
  }
}
