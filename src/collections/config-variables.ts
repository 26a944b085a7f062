/**
 * `${NAME}` in a configuration file.
 *
 * Threat: a user runs a command in an attacker's folder. The file there names the attacker's database, and puts a
 * secret of the user's environment into its URL or token. So variables are replaced only in addresses, tokens and names
 * of tables and models. Secrets that no collection needs are refused. A value from the environment is only used for a
 * file of this machine, or for an address that comes from the environment too.
 */
import { parseStoreUrl } from '../engines/libsql/url.js';
import { Fault } from '../fault.js';
import { namesSecret } from '../settings/secret-names.js';
import { parseCatalogUrl } from '../sources/url.js';
import type { ConfigDocument, Path } from './config-document.js';
import { nearestName } from './nearest-name.js';

export interface Variables {
  /** The environment, which takes precedence over `.env`. Empty variables count as not set. */
  environment: Readonly<Record<string, string>>;
  /** Names of the variables that come from `.env`. */
  fromFile: ReadonlySet<string>;
}

/** The keys in which variables are replaced, by part of a collection; the address first. */
const PLACES = {
  source: ['url', 'table', 'folder'],
  store: ['url', 'token'],
  model: ['id'],
} as const;

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const NAME = /^[A-Za-z_]\w*$/;
/** A text that is nothing but one variable. */
const WHOLE = /^\s*\$\{([A-Za-z_]\w*)\}\s*$/;

/** Returns the name of the variable if the text is nothing else; else null. */
export const wholeVariable = (text: unknown): string | null =>
  typeof text === 'string' ? (WHOLE.exec(text)?.[1] ?? null) : null;

/** Returns the parsed file with its variables replaced. Reports to the document what cannot be replaced. */
export function withVariables(document: ConfigDocument, variables: Variables): unknown {
  const { value } = document;
  if (!isMapping(value) || !isMapping(value.collections)) return value;
  const collections = mapValues(value.collections, (collection, name) =>
    isMapping(collection)
      ? mapValues(collection, (section, sectionName) =>
          isMapping(section) && Object.hasOwn(PLACES, sectionName)
            ? sectionWithVariables(document, ['collections', name, sectionName], section, variables)
            : section,
        )
      : collection,
  );
  return { ...value, collections };
}

function sectionWithVariables(
  document: ConfigDocument,
  path: Path,
  section: Readonly<Record<string, unknown>>,
  variables: Variables,
): Record<string, unknown> {
  const sectionName = path.at(-1) as keyof typeof PLACES;
  const used: { at: Path; name: string }[] = [];
  const replaceIn = (text: string, at: Path): string =>
    text.replace(REFERENCE, (reference, name?: string, end?: string) => {
      if (name === undefined) return '${';
      const value = valueOfVariable(name, end !== '', variables);
      if (typeof value === 'string') {
        used.push({ at, name });
        return value;
      }
      document.refuse(at, value.wrong);
      return reference;
    });
  const replaced = mapValues(section, (value, key) => {
    if (!(PLACES[sectionName] as readonly string[]).includes(key)) return value;
    const at = [...path, key];
    if (Array.isArray(value))
      return value.map((item, index) => (typeof item === 'string' ? replaceIn(item, [...at, index]) : item));
    return typeof value === 'string' ? replaceIn(value, at) : value;
  });
  if (sectionName === 'model' || !isForeign(sectionName, replaced.url)) return replaced;
  const fromEnvironment = (name: string): boolean => !variables.fromFile.has(name);
  const address = wholeVariable(section.url);
  const sent = used.find(({ name }) => fromEnvironment(name));
  if (sent !== undefined && (address === null || !fromEnvironment(address)))
    document.refuse(
      sent.at,
      `is given \${${sent.name}} of the environment, which would be sent to an address from a file: put the whole ` +
        `address into an environment variable too (url: \${NAME}), or set ${sent.name} in .env`,
    );
  return replaced;
}

function valueOfVariable(
  name: string,
  closed: boolean,
  { environment }: Variables,
): string | { wrong: string } {
  if (!closed)
    return { wrong: `has a "\${" that is never closed: close it with "}", or write $\${ for the characters` };
  if (!NAME.test(name))
    return {
      wrong: `has a "\${" that is followed by no name of a variable: write \${NAME}, or $\${ for the characters`,
    };
  if (namesSecret(name) && name !== 'TURSO_AUTH_TOKEN')
    return { wrong: `names ${name}, which is for no database: take it out` };
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (value !== undefined && value !== '') return value;
  const near = nearestName(
    name,
    Object.keys(environment).filter((each) => !namesSecret(each)),
  );
  return {
    wrong: `names the variable ${name}, which is not set: set it in the environment or in .env${near === null ? '' : `, or did you mean ${near}?`}`,
  };
}

/** Returns whether the declared address is on another machine, or invalid. False for the default address. */
function isForeign(section: 'source' | 'store', url: unknown): boolean {
  if (typeof url !== 'string') return false;
  try {
    return section === 'source'
      ? parseCatalogUrl(url).dialect === 'postgres'
      : parseStoreUrl(url).kind === 'remote';
  } catch (error) {
    if (error instanceof Fault) return true;
    throw error;
  }
}

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

const mapValues = (
  mapping: Readonly<Record<string, unknown>>,
  change: (value: unknown, key: string) => unknown,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key, change(value, key)]));
