/** What follows `:` up to the last `@`, also where a password holds `/`, `?` or `#` as it is; a port is none. */
const PASSWORD = /(:\/\/[^/?#@:]*:)(?!\d+[/?#]).*@/;

/** A connection URL as it may be shown: passwords and tokens replaced by ***. */
export const withoutSecrets = (url: string): string =>
  url
    .replace(PASSWORD, '$1***@')
    .replace(/([?&](?:authToken|password|token|jwt|sslpassword)=)[^&#]*/gi, '$1***');
