/** Hides passwords in foreign text: connection URLs, and values that were mistaken for one. */

/** A scheme with its slashes, or before a user and a password; `u:p@host` has none. Also a drive's letter. */
const SCHEME = /^[a-z][\w+.-]*:(?:\/+|(?=[^@]*:[^@]*@))|^[a-z]:(?=\\)/i;
/** The user and `:`, then a password up to the last `@`, even if it holds `/`, `?` or `#` unescaped. */
const LOGIN = /^([^?#@:]*:)(.*)@/s;
/** A port, perhaps a path, and a query: the `@` after it is part of that query. */
const PORT = /^\d{1,5}(?:\/[^@?#]*)?\?[\w.-]+=/;
const PARAMETER = /([?&][^=&#]*(?:pass|pwd|token|secret|key|jwt)[^=&#]*=)[^&#]*/gi;
/** libpq's and ADO's form: `host=h password='p' dbname=d`, `Host=h;Password=p`. */
const KEYWORD = /((?:^|[\s;])[\w ]*(?:pass|pwd|token|secret|key|jwt)\w*\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s;]*)/gi;

/** Returns the text with passwords, tokens and keys replaced by `***`. */
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

/** Returns an invalid value in quotes, for an error message; only its length if it may be a secret. */
export const shownValue = (text: string): string =>
  SHOWABLE.test(text) ? `"${hideSecrets(text)}"` : `${text.length} characters (not shown)`;

/** `maker/model`, or words joined as in `text-embedding-3-small`. */
const MODEL = /^[\w.@:+-]+(?:\/[\w.@:+-]+)+$|^[a-z\d]+(?:[-_.:][a-z\d]+)+$/i;
/** A path has a folder, or a name with an extension. */
const PATH = /[/\\]|\.[a-z\d]{1,8}$/i;

export const looksLikePath = (text: string): boolean => PATH.test(text);
/** Returns a model's name for a message; text that does not look like one may be a key in the wrong variable. */
export const shownModel = (text: string): string => (MODEL.test(text) ? text : shownValue(text));
/** Returns a path in quotes for a message, with the same caution. */
export const shownPath = (text: string): string => (looksLikePath(text) ? `"${text}"` : shownValue(text));

/** Shorter secrets are words, which a line may contain for another reason. */
const SHORTEST_SECRET = 8;

/** Creates a filter for lines of JSON that replaces exactly these values by `***` everywhere. */
export function hideKnown(secrets: readonly string[]): (line: string) => string {
  const written = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  // Longest first: one may be part of another.
  const all = [...new Set(written)].sort((a, b) => b.length - a.length);
  return (line) => all.reduce((text, secret) => text.replaceAll(secret, '***'), line);
}
