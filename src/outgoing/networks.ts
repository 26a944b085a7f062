import { BlockList, isIP } from 'node:net';

/** Returns whether the host, an IP address, is in a CIDR network of NO_PROXY. undici itself matches only names. */
export function isInNetworks(host: string, noProxy: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  if (family === 0) return false;
  const networks = new BlockList();
  for (const entry of noProxy.split(/[,\s]+/)) {
    const [, network = '', bits = ''] = /^([\da-f.:]+)\/(\d{1,3})$/i.exec(entry) ?? [];
    const kind = isIP(network);
    if (kind === 0 || Number(bits) > (kind === 4 ? 32 : 128)) continue;
    networks.addSubnet(network, Number(bits), kind === 4 ? 'ipv4' : 'ipv6');
  }
  return networks.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
