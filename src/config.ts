/**
 * Settings: from process.env and from `.env` in the working directory or above it (the environment wins). Everything is
 * parsed once, here; errors name the variable and its value, and never show a secret.
 */
import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Collection } from './collections/collection.js';
import { type ConfigDraft, readConfigDraft, readConfigFile } from './collections/config-file.js';
import { defaultFolderCollection, indexFileOf } from './collections/folder-collection.js';
import { LIBRARY_FILE, LIBRARY_FILTERS, LIBRARY_SHOWN, libraryText } from './collections/library-text.js';
import { nearestName } from './collections/nearest-name.js';
import { BUILT_IN } from './contract/names.js';
import { usageFault } from './fault.js';
import { folderNamed } from './settings/folder-named.js';
import { homeFolder } from './settings/folders-upwards.js';
import { checkMisplaced } from './settings/misplaced-secret.js';
import { checkOneSource } from './settings/one-source.js';
import { type MetricsAddress, type ParsedSettings, settingsSchema } from './settings/schema.js';
import { withSecretFiles } from './settings/secret-files.js';
import { inFileOf } from './settings/secret-names.js';
import { findSettings } from './settings/settings-place.js';
import { NO_ROOTS, parseSoundRoots, type SoundRoots } from './sound/roots.js';

export type Environment = Record<string, string | undefined>;

/** Every setting, parsed. Durations and limits carry their unit in the name; null: not set. */
export interface Settings {
  /** Null if OPENROUTER_API_KEY is missing: `required()` throws where it is needed. */
  apiKey: string | null;
  /** Only for GET /activity, which an API key may not call. Null: not set. */
  managementKey: string | null;
  /** Default https://openrouter.ai/api/v1, without a trailing slash. */
  baseUrl: string;
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  storeUrl: string | null;
  storeToken: string | null;
  catalogUrl: string | null;
  /** Folders of the audio files: SAMPLES_ROOT, otherwise the collection's own. Their existence is not checked. */
  soundRoots: SoundRoots;
  /** Default openai/text-embedding-3-small. */
  model: string;
  /** What is embedded: source, text, model and store. Its addresses and model are also fields of the settings. */
  collection: Collection;
  /** Names of all collections; the first is not special. */
  collections: readonly string[];
  /** Path of the file that declares them; null: no file, and the built-in collection is from the environment. */
  configFile: string | null;
  /** Default 1536. */
  dimensions: number;
  /** Samples a request, default 100. */
  batchSize: number;
  /** Retries after the first attempt, default 3. */
  maxRetries: number;
  /** Requests in flight in each worker, default 8. */
  concurrency: number;
  /** Absolute path of EMBEDDINGS_HOME; default: `.embeddings`, in the working directory or above it. */
  home: string;
  /** The generation whose build is meant, beside the active one; absent: the ordinary run. */
  building?: number;
  /** Path of the `.env` that was read; null: none was found. */
  envFile: string | null;
  /** AES-256 key that payloads in Temporal are encrypted with; null: they are plain. */
  codecKey: KeyObject | null;
  /**
   * Where a worker serves /healthz and /metrics. `default`: for `worker` and `dev` on loopback, at port 9464 or any
   * free one; in one-command mode not at all. Port 0: any free one.
   */
  metrics: MetricsAddress;
  /** Build id of `embeddings worker`, for Temporal's worker versioning; null: not versioned. */
  buildId: string | null;
  /** With a build id: whether a run stays with the build it began on (default), or goes to the current one. */
  versioning: ParsedSettings['EMBEDDINGS_VERSIONING'];
  logLevel: ParsedSettings['LOG_LEVEL'];
  /** For finding Temporal's CLI. */
  temporalCliPath: string | undefined;
  pathVariable: string;
  /** Where downloaded binaries are kept for all projects; null: this user has no home folder. */
  cacheDir: string | null;
  /** The merged environment, only for @temporalio/envconfig. */
  environment: Record<string, string>;
  /** Names of the settings that are from `.env`. */
  fromFile: ReadonlySet<string>;
}

/**
 * Returns whether `.env` may set a variable. Others, such as PATH or XDG_CACHE_HOME, decide which programs run and are
 * read only from the environment.
 */
const isOurs = (name: string): boolean =>
  name in settingsSchema.shape || /^TEMPORAL_\w+$/.test(name) || inFileOf(name) !== null;

/**
 * Returns the values of the environment and, below them, of `.env`. Empty values count as not set; blanks and quotes
 * around a value are removed.
 */
export function readEnvironment(env: Environment = process.env, cwd = process.cwd()): Record<string, string> {
  return { ...findSettings(cwd, isOurs).values, ...environmentValues(env) };
}

/** Removes quotes, which Docker's --env-file passes on and a shell would have removed. */
const environmentValues = (env: Environment): Record<string, string> =>
  withSecretFiles(
    Object.fromEntries(
      setValues(env)
        .map(([name, value]): [string, string] => [name, isOurs(name) ? withoutQuotes(value) : value])
        .filter(([, value]) => value !== ''),
    ),
  );

const setValues = (values: Environment): [string, string][] =>
  Object.entries(values).flatMap(([name, value]): [string, string][] =>
    value === undefined || value.trim() === '' ? [] : [[name, value.trim()]],
  );

const withoutQuotes = (value: string): string => /^(["'])(.*)\1$/s.exec(value)?.[2]?.trim() ?? value;

/** Parses values. Throws a Fault of kind `usage` that names each invalid variable. */
export function checkSettings(values: Readonly<Record<string, string>>): ParsedSettings {
  checkMisplaced(Object.fromEntries(Object.entries(values).filter(([name]) => isOurs(name))));
  const parsed = settingsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw usageFault(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n'));
}

/**
 * Returns the settings of one collection: the one that EMBEDDINGS_COLLECTION (`--collection`) names, or the only one.
 * Throws a Fault of kind `usage` that names each invalid variable, or if there are several collections and none is
 * named. `draft`: a configuration file that is not written yet, which is read instead.
 */
export function loadSettings(
  env: Environment = process.env,
  cwd = process.cwd(),
  draft: ConfigDraft | null = null,
): Settings {
  const { all, asked } = readAll(env, cwd, draft);
  const [only, ...others] = all;
  if (asked === null && only !== undefined && others.length === 0) return only;
  const names = all.map(({ collection }) => collection.name);
  const found = all.find(({ collection }) => collection.name === (asked ?? BUILT_IN));
  if (found !== undefined) return found;
  const file = all[0]?.configFile ?? null;
  if (asked === null)
    throw usageFault(`which collection? ${file} declares ${names.join(', ')}: say --collection ${names[0]}`);
  const near = nearestName(asked, names);
  throw usageFault(
    `there is no collection ${asked}${file === null ? '' : ` in ${file}`}, only ${names.join(', ')}` +
      (near === null ? '' : `: did you mean ${near}?`),
  );
}

/** Returns the settings of the environment and `.env` only, whatever a file declares: of the built-in collection. */
export function loadEnvironmentSettings(env: Environment = process.env, cwd = process.cwd()): Settings {
  const { asked, ...settings } = readSettings(env, cwd);
  return settings;
}

/** Returns the settings of every collection, or of the one that EMBEDDINGS_COLLECTION names, in the file's order. */
export function loadEverySettings(env: Environment = process.env, cwd = process.cwd()): Settings[] {
  const { all, asked } = readAll(env, cwd);
  return asked === null ? all : [loadSettings(env, cwd)];
}

function readAll(
  env: Environment,
  cwd: string,
  draft: ConfigDraft | null = null,
): { all: Settings[]; asked: string | null } {
  const { asked, ...settings } = readSettings(env, cwd);
  const folder = settings.collection.folder?.roots[0] ?? null;
  const known = { ...settings, ...withAnyNames(env, cwd), folder };
  const declared = draft === null ? readConfigFile(cwd, known) : readConfigDraft(draft, cwd, known);
  // Without a file, the environment's own collection has the name that was asked for.
  if (declared === null) {
    const collection = { ...settings.collection, name: asked ?? BUILT_IN };
    return { all: [{ ...settings, collection, collections: [collection.name] }], asked };
  }
  const collections = declared.collections.map(({ name }) => name);
  const all = declared.collections.map((collection): Settings => {
    const { catalogUrl, storeUrl, storeToken, model } = collection;
    return {
      ...settings,
      ...{ collection, collections, configFile: declared.file },
      soundRoots: soundRootsOf(settings.environment.SAMPLES_ROOT, collection),
      ...{ catalogUrl, storeUrl, storeToken, model: model.id, dimensions: model.dimensions },
    };
  });
  return { all, asked };
}

/** Returns the values for the file's `${VARIABLES}`: `.env` may hold more than our own settings. */
function withAnyNames(env: Environment, cwd: string): Pick<Settings, 'environment' | 'fromFile'> {
  const { values: file } = findSettings(cwd, () => true);
  const environment = { ...file, ...environmentValues(env) };
  return {
    environment,
    fromFile: new Set(Object.keys(file).filter((name) => file[name] === environment[name])),
  };
}

/** Creates the built-in collection from the environment: the sample library, or the folder that DATABASE_URL names. */
function builtIn(
  {
    catalogUrl,
    storeUrl,
    storeToken,
    model,
    dimensions,
  }: Pick<Settings, 'catalogUrl' | 'storeUrl' | 'storeToken' | 'model' | 'dimensions'>,
  folder: string | null,
): Collection {
  return {
    name: BUILT_IN,
    catalogUrl,
    ...(folder === null
      ? {
          ...{ folder, rows: null, text: libraryText },
          ...{ shown: LIBRARY_SHOWN, filters: LIBRARY_FILTERS, file: LIBRARY_FILE },
        }
      : defaultFolderCollection(folder)),
    model: { id: model, dimensions, document: {}, query: {} },
    ...{ storeUrl, storeToken },
  };
}

function readSettings(env: Environment, cwd: string): Settings & { asked: string | null } {
  const { file: envFile, values: file, home } = findSettings(cwd, isOurs);
  const own = environmentValues(env);
  const environment: Record<string, string> = { ...file, ...own };
  const values = checkSettings(environment);
  if (envFile !== null) checkOneSource(environment, file, envFile);
  const asked = values.EMBEDDINGS_COLLECTION ?? null;
  const indexHome = values.EMBEDDINGS_HOME === undefined ? home : resolve(cwd, values.EMBEDDINGS_HOME);
  const indexOf = (path: string): string =>
    indexFileOf(indexHome, asked ?? BUILT_IN, { roots: [path], ignore: [] });
  const folder = folderNamed(values.DATABASE_URL, cwd, (path) => existsSync(indexOf(path)));
  const addresses = {
    storeUrl: values.TURSO_DATABASE_URL ?? null,
    storeToken: values.TURSO_AUTH_TOKEN ?? null,
    catalogUrl: folder === null ? (values.DATABASE_URL ?? null) : indexOf(folder),
    model: values.EMBEDDING_MODEL,
    dimensions: values.EMBEDDING_DIMENSIONS,
  };
  const collection = builtIn(addresses, folder);
  return {
    ...addresses,
    asked,
    collection,
    soundRoots: soundRootsOf(values.SAMPLES_ROOT, collection),
    collections: [BUILT_IN],
    configFile: null,
    apiKey: values.OPENROUTER_API_KEY ?? null,
    managementKey: values.OPENROUTER_MANAGEMENT_KEY ?? null,
    baseUrl: values.OPENROUTER_BASE_URL,
    requestsPerMinute: values.OPENROUTER_REQUESTS_PER_MINUTE,
    tokensPerMinute: values.OPENROUTER_TOKENS_PER_MINUTE,
    batchSize: values.BATCH_SIZE,
    maxRetries: values.MAX_RETRIES,
    concurrency: values.CONCURRENCY,
    home: indexHome,
    envFile,
    codecKey: values.EMBEDDINGS_CODEC_KEY,
    metrics: values.EMBEDDINGS_METRICS_ADDRESS,
    buildId: values.EMBEDDINGS_BUILD_ID ?? null,
    versioning: values.EMBEDDINGS_VERSIONING,
    logLevel: values.LOG_LEVEL,
    temporalCliPath: environment.TEMPORAL_CLI_PATH,
    pathVariable: environment.PATH ?? '',
    cacheDir: cacheDirOf(environment),
    environment,
    fromFile: new Set(Object.keys(file).filter((name) => file[name] === environment[name])),
  };
}

function soundRootsOf(samplesRoot: string | undefined, { folder }: Collection): SoundRoots {
  if (samplesRoot !== undefined) return parseSoundRoots(samplesRoot);
  return folder === null ? NO_ROOTS : { ...NO_ROOTS, folders: folder.roots, ofCatalog: true };
}

function cacheDirOf({ XDG_CACHE_HOME }: Record<string, string>): string | null {
  const home = homeFolder();
  const parent = XDG_CACHE_HOME ?? (home === null ? null : join(home, '.cache'));
  return parent === null ? null : join(parent, 'sample-embeddings');
}

const VARIABLES = {
  apiKey: 'OPENROUTER_API_KEY',
  storeUrl: 'TURSO_DATABASE_URL',
  catalogUrl: 'DATABASE_URL',
} as const;

const IN_ENV = ', or be in .env, which embeddings init writes';

/** Returns the settings if these are set. Throws a Fault with one sentence for each that is missing. */
export function required<K extends keyof typeof VARIABLES>(
  settings: Settings,
  ...names: K[]
): Settings & { [name in K]: string } {
  const missing = names.filter((name) => settings[name] === null);
  if (missing.length > 0)
    throw usageFault(
      missing.map((name) => `${VARIABLES[name]} environment variable must be set${IN_ENV}`).join('\n'),
    );
  return settings as Settings & { [name in K]: string };
}
