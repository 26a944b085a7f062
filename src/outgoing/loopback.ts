/** Returns whether a host name, as in URLs (IPv6 in brackets), is this machine's own. */
export const isLoopback = (host: string): boolean =>
  /^(?:localhost|[\w.-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(host);
