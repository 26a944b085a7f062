/** Foreign text that may hold a password: connection URLs, and what somebody took for one. */

/** With its slashes, or before a user and a password; `u:p@host` has none. Also a drive's letter. */
const SCHEME = /^[a-z][\w+.-]*:(?:\/+|(?=[^@]*:[^@]*@))|^[a-z]:(?=\\)/i;
/** The user, then `:`; what follows is a password up to the last `@`, also where it holds `/`, `?` or `#` as it is. */
const LOGIN = /^([^?#@:]*:)(.*)@/s;
/** A port, a path and perhaps a query: the `@` after it is part of that query. */
const PORT = /^\d{1,5}(?:\/[^@?#]*)?\?[\w.-]+=/;
const PARAMETER = /([?&][^=&#]*(?:pass|pwd|token|secret|key|jwt)[^=&#]*=)[^&#]*/gi;
/** libpq's and ADO's form: `host=h password='p' dbname=d`, `Host=h;Password=p`. */
const KEYWORD = /((?:^|[\s;])[\w ]*(?:pass|pwd|token|secret|key|jwt)\w*\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s;]*)/gi;

/** The text as it may be shown: passwords, tokens and keys replaced by `***`. */
export function hideSecrets(text: string): string {
  if (/^(sk-|eyJ)/.test(text)) return '***';
  const scheme = SCHEME.exec(text)?.[0] ?? '';
  const rest = text
    .slice(scheme.length)
    .replace(LOGIN, (all, user: string, password: string) =>
      PORT.test(`${password}@`) ? all : `${user}***@`,
    );
  return scheme + rest.replace(PARAMETER, '$1***').replace(KEYWORD, '$1***');
}

/** Numbers, addresses and short words; anything longer may be a key in the wrong variable. */
const SHOWABLE = /^.{0,7}$|^[-+\d.,_eExX ]{1,20}$|^[\w.-]{1,60}:\d{1,5}$|^[a-z][a-z+]{1,9}:\/\//;

/** A value that cannot be used, in quotes, for the sentence that says so; its length where it may be a secret. */
export const shownValue = (text: string): string =>
  SHOWABLE.test(text) ? `"${hideSecrets(text)}"` : `${text.length} characters (not shown)`;

/** `maker/model`, or words joined as in `text-embedding-3-small`. */
const MODEL = /^[\w.@:+-]+(?:\/[\w.@:+-]+)+$|^[a-z\d]+(?:[-_.:][a-z\d]+)+$/i;
/** It has a folder, or a name with an ending. */
const PATH = /[/\\]|\.[a-z\d]{1,8}$/i;

export const looksLikePath = (text: string): boolean => PATH.test(text);
/** The model's name as a sentence about it shows it; what looks like none may be a key in the wrong variable. */
export const shownModel = (text: string): string => (MODEL.test(text) ? text : shownValue(text));
/** The same of a path, in quotes. */
export const shownPath = (text: string): string => (looksLikePath(text) ? `"${text}"` : shownValue(text));

/** Shorter ones are words, which a line may well hold for another reason. */
const SHORTEST_SECRET = 8;

/** A filter for lines of JSON that replaces these very values by `***`, wherever they stand. */
export function hideKnown(secrets: readonly string[]): (line: string) => string {
  const written = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  // Longest first: one may be part of another.
  const all = [...new Set(written)].sort((a, b) => b.length - a.length);
  return (line) => all.reduce((text, secret) => text.replaceAll(secret, '***'), line);
}
