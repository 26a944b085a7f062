/** Foreign text that may hold a password: connection URLs, and what somebody took for one. */

/** The user, then `:`; what follows is a password up to the last `@`, also where it holds `/`, `?` or `#` as it is. */
const LOGIN = /^([^?#@:]*:)(.*)@/s;
/** A port, a path and perhaps a query: the `@` after it is part of that query. */
const PORT = /^\d{1,5}(?:\/[^@?#]*)?\?[\w.-]+=/;
const PARAMETER = /([?&][^=&#]*(?:pass|pwd|token|secret|key|jwt)[^=&#]*=)[^&#]*/gi;

/** The text as it may be shown: passwords, tokens and keys replaced by `***`. */
export function hideSecrets(text: string): string {
  if (text.startsWith('sk-')) return '***';
  const scheme = /^[a-z][\w+.-]*:\/*/i.exec(text)?.[0] ?? '';
  const rest = text
    .slice(scheme.length)
    .replace(LOGIN, (all, user: string, password: string) =>
      PORT.test(`${password}@`) ? all : `${user}***@`,
    );
  return scheme + rest.replace(PARAMETER, '$1***');
}
