/** A connection URL as it may be shown: passwords and tokens replaced by ***. */
export const withoutSecrets = (url: string): string =>
  url
    .replace(/(:\/\/[^/?#@]*?:)[^/?#]*@/, '$1***@')
    .replace(/([?&](?:authToken|password|token|jwt|sslpassword)=)[^&#]*/gi, '$1***');
