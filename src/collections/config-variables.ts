/**
 * `${NAME}` in a configuration file.
 *
 * The threat: a command is run in somebody else's folder, whose file names a database of theirs, and in its URL or as its
 * token a secret of the user's environment. So variables are replaced only in addresses, tokens and names of tables and
 * models; secrets that no collection needs are refused; and what comes from the environment goes only to a file of this
 * machine, or to an address that comes from the environment too.
 */
import { parseStoreUrl } from '../engines/libsql/url.js';
import { Fault } from '../fault.js';
import { namesSecret } from '../settings/secret-names.js';
import { parseCatalogUrl } from '../sources/url.js';
import type { ConfigDocument, Path } from './config-document.js';
import { nearestName } from './nearest-name.js';

export interface Variables {
  /** The environment over `.env`; what is empty is not set. */
  environment: Readonly<Record<string, string>>;
  /** Names of those that `.env` gave. */
  fromFile: ReadonlySet<string>;
}

/** By room of a collection: where variables are replaced, the address first. */
const PLACES = {
  source: ['url', 'table', 'folder'],
  store: ['url', 'token'],
  model: ['id'],
} as const;

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const NAME = /^[A-Za-z_]\w*$/;
/** Nothing but one variable. */
const WHOLE = /^\s*\$\{([A-Za-z_]\w*)\}\s*$/;

/** The name of the variable that is all of the text; null: it is not one. */
export const wholeVariable = (text: unknown): string | null =>
  typeof text === 'string' ? (WHOLE.exec(text)?.[1] ?? null) : null;

/** What was parsed, with variables replaced; what cannot be is refused in the document. */
export function withVariables(document: ConfigDocument, variables: Variables): unknown {
  const { value } = document;
  if (!isMapping(value) || !isMapping(value.collections)) return value;
  const collections = mapValues(value.collections, (collection, name) =>
    isMapping(collection)
      ? mapValues(collection, (room, roomName) =>
          isMapping(room) && Object.hasOwn(PLACES, roomName)
            ? roomWithVariables(document, ['collections', name, roomName], room, variables)
            : room,
        )
      : collection,
  );
  return { ...value, collections };
}

function roomWithVariables(
  document: ConfigDocument,
  path: Path,
  room: Readonly<Record<string, unknown>>,
  variables: Variables,
): Record<string, unknown> {
  const roomName = path.at(-1) as keyof typeof PLACES;
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
  const replaced = mapValues(room, (value, key) => {
    if (!(PLACES[roomName] as readonly string[]).includes(key)) return value;
    const at = [...path, key];
    if (Array.isArray(value))
      return value.map((item, index) => (typeof item === 'string' ? replaceIn(item, [...at, index]) : item));
    return typeof value === 'string' ? replaceIn(value, at) : value;
  });
  if (roomName === 'model' || !isForeign(roomName, replaced.url)) return replaced;
  const fromEnvironment = (name: string): boolean => !variables.fromFile.has(name);
  const address = wholeVariable(room.url);
  const sent = used.find(({ name }) => fromEnvironment(name));
  if (sent !== undefined && (address === null || !fromEnvironment(address)))
    document.refuse(
      sent.at,
      `is given \${${sent.name}} of the environment, which would be sent to an address that a file names: put the whole ` +
        `address into a variable of the environment too (url: \${NAME}), or set ${sent.name} in .env`,
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

/** Whether the room's address is on another machine, or of a kind that cannot be read. Its default is no business of the file. */
function isForeign(room: 'source' | 'store', url: unknown): boolean {
  if (typeof url !== 'string') return false;
  try {
    return room === 'source'
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
