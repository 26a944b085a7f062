import { resolve } from 'node:path';
import { parseStoreUrl } from '../engines/libsql/url.js';
import { Fault } from '../fault.js';
import { inFolder } from '../settings/in-folder.js';
import { expandHome, parseCatalogUrl } from '../sources/url.js';
import type { Collection, FolderSource } from './collection.js';
import type { ConfigDocument } from './config-document.js';
import type { DeclaredCollection } from './config-schema.js';
import { isMapping, type Variables, wholeVariable } from './config-variables.js';
import { indexFileOf } from './folder-collection.js';

export interface AddressDefaults extends Variables {
  catalogUrl: string | null;
  storeUrl: string | null;
  storeToken: string | null;
  /** EMBEDDINGS_HOME, where indexes of folders are stored. */
  home: string;
}

type Addresses = Pick<Collection, 'catalogUrl' | 'folder' | 'storeUrl' | 'storeToken'>;

/**
 * Returns the addresses that a collection reads from and writes to. A relative path counts from the file's folder; if a
 * variable holds it, from the working directory. Reports errors to the document.
 */
export function addressesOf(
  name: string,
  declared: DeclaredCollection,
  document: ConfigDocument,
  { folder, cwd, defaults }: { folder: string; cwd: string; defaults: AddressDefaults },
): Addresses {
  const written = (section: 'source' | 'store'): unknown => {
    const collections = (document.value as { collections: Record<string, Record<string, unknown>> })
      .collections;
    const values = collections[name]?.[section];
    return isMapping(values) ? values.url : undefined;
  };
  const address = (
    section: 'source' | 'store',
    setting: string,
    parse: (url: string) => unknown,
  ): string | null => {
    const url = declared[section]?.url?.trim();
    if (url === undefined) return null;
    try {
      parse(url);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      document.refuse(
        ['collections', name, section, 'url'],
        error.message.replace(new RegExp(`^${setting}:? `), ''),
      );
    }
    return inFolder(wholeVariable(written(section)) === null ? folder : cwd, setting, url);
  };

  const catalogUrl = address('source', 'DATABASE_URL', parseCatalogUrl);
  const storeUrl = address('store', 'TURSO_DATABASE_URL', parseStoreUrl);
  const { environment, fromFile } = defaults;
  // PostgreSQL's client takes the password from PGPASSWORD when the URL has none.
  const isLogged =
    catalogUrl === null || !/^postgres/i.test(catalogUrl) || /:\/*[^:@/]*:[^@]*@/.test(catalogUrl);
  const variable = wholeVariable(written('source'));
  if (
    !isLogged &&
    environment.PGPASSWORD !== undefined &&
    !fromFile.has('PGPASSWORD') &&
    (variable === null || fromFile.has(variable))
  )
    document.refuse(
      ['collections', name, 'source', 'url'],
      'has no password, so PGPASSWORD of the environment would be sent to an address from a file: put the whole ' +
        `address into an environment variable too (url: \${NAME})`,
    );
  // The token of the settings is sent to the store of the settings only.
  const isDefaultStore = storeUrl === null || wholeVariable(written('store')) === 'TURSO_DATABASE_URL';
  const folders = folderOf(declared, folder);
  return {
    catalogUrl:
      folders === null ? (catalogUrl ?? defaults.catalogUrl) : indexFileOf(defaults.home, name, folders),
    folder: folders,
    storeUrl: storeUrl ?? defaults.storeUrl,
    storeToken: declared.store?.token?.trim() ?? (isDefaultStore ? defaults.storeToken : null),
  };
}

/** Returns the declared folders. A relative path counts from the file's folder. */
function folderOf({ source }: DeclaredCollection, base: string): FolderSource | null {
  if (source?.folder === undefined) return null;
  const paths = typeof source.folder === 'string' ? [source.folder] : source.folder;
  return {
    roots: paths.map((path) => resolve(base, expandHome(path.trim()))),
    ignore: source.ignore ?? [],
  };
}

/** Returns a key that is equal for two URLs of one store; an invalid URL unchanged. Relative paths count from `cwd`. */
function storeKey(url: string, cwd: string): string {
  try {
    const store = parseStoreUrl(url);
    if (store.kind === 'file') return `file:${resolve(cwd, store.path)}`;
    const { host, pathname } = new URL(store.url);
    return `${host.replace(/^(?:localhost|\[::1\])(?=:|$)/, '127.0.0.1')}${pathname.replace(/\/+$/, '')}`;
  } catch (error) {
    if (error instanceof Fault) return url;
    throw error;
  }
}

/** Reports each collection whose store is also the store of an earlier collection. */
export function checkStores(collections: readonly Collection[], document: ConfigDocument, cwd: string): void {
  const holders = new Map<string, string>();
  for (const { name, storeUrl } of collections) {
    const key = storeUrl === null ? '' : storeKey(storeUrl, cwd);
    const holder = holders.get(key);
    if (holder === undefined) holders.set(key, name);
    else
      document.refuse(
        ['collections', name, 'store', 'url'],
        `is the store of ${holder} too: a store holds one collection, so give this one its own, as in store: { url: "file:${name}.db" }`,
      );
  }
}
