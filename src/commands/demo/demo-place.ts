import { hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironmentSettings, type Settings } from '../../config.js';
import { inShell } from '../../in-shell.js';

/** Number of samples in a demo, by default. */
const DEMO_SAMPLES = 2437;

/** Paths of a demo's files under EMBEDDINGS_HOME/demo. */
export interface DemoPlace {
  /** The size of the demo catalog, or the path of the user's own folder of audio files. */
  of: { samples: number } | { folder: string };
  home: string;
  /** The DATABASE_URL. */
  catalog: string;
  store: string;
  /** The sandbox's bill, which the demo catalogs of all sizes share. */
  bill: string;
  map: string;
  report: string;
}

const homeOf = ({ home }: Settings): string => join(home, 'demo');

export function demoPlace(own: Settings, samples: number): DemoPlace {
  const home = homeOf(own);
  const file = (name: string): string => join(home, name);
  return {
    of: { samples },
    home,
    catalog: file(`catalog-${samples}.db`),
    store: file(`store-${samples}.db`),
    bill: file('bill.jsonl'),
    map: file(`map-${samples}.html`),
    report: file(`report-${samples}.html`),
  };
}

/**
 * Returns the paths of a demo of the user's own folder: each folder has its own home, named by a hash of its path.
 * `folder`: absolute.
 */
export const folderPlace = (own: Settings, folder: string): DemoPlace =>
  placeAt(join(homeOf(own), `folder-${hash('sha256', folder, 'hex').slice(0, 8)}`), folder);

const NAMED_IN = 'folder.txt';

function placeAt(home: string, folder: string): DemoPlace {
  const file = (name: string): string => join(home, name);
  return {
    of: { folder },
    ...{ home, catalog: folder, store: file('store-0.db'), bill: file('bill.jsonl') },
    ...{ map: file('map.html'), report: file('report.html') },
  };
}

/** Writes down which folder the demo is of, for `findDemo`. */
export function rememberFolder(place: DemoPlace): void {
  if ('folder' in place.of) writeFileSync(join(place.home, NAMED_IN), place.of.folder, { mode: 0o600 });
}

/** Returns the demo of that size; without a size, the demo written to last. Null if it was never run. */
export function findDemo(own: Settings, samples?: number): DemoPlace | null {
  const home = homeOf(own);
  const found = namesIn(home).flatMap((name) => {
    const size = /^store-(\d+)\.db$/.exec(name)?.[1];
    if (size !== undefined) return [demoPlace(own, Number(size))];
    return samples === undefined && name.startsWith('folder-') ? ofFolder(join(home, name)) : [];
  });
  const wanted = found.filter(
    ({ of }) => samples === undefined || ('samples' in of && of.samples === samples),
  );
  return wanted.sort((a, b) => writtenAt(b) - writtenAt(a))[0] ?? null;
}

function ofFolder(home: string): DemoPlace[] {
  try {
    return [placeAt(home, readFileSync(join(home, NAMED_IN), 'utf8'))];
  } catch {
    return [];
  }
}

const writtenAt = ({ store }: DemoPlace): number => statSync(store, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function namesIn(home: string): string[] {
  try {
    return readdirSync(home);
  } catch {
    return [];
  }
}

/** Returns the folder of the demo's audio files. */
export const soundsOf = ({ home }: DemoPlace): string => join(home, 'sounds');

/** Returns the settings of a demo. The user's own apply to amounts (batch size), never to sources and destinations. */
export function demoSettings(own: Settings, place: DemoPlace, baseUrl: string) {
  // The audio files of the user's own folder exist; those of the demo catalog are made on request.
  const sounds = 'samples' in place.of ? { soundRoots: { folders: [soundsOf(place)], moved: [] } } : {};
  const { OPENROUTER_API_KEY, EMBEDDINGS_COLLECTION, ...environment } = own.environment;
  const settings = loadEnvironmentSettings({
    ...environment,
    OPENROUTER_API_KEY: 'sandbox',
    OPENROUTER_MANAGEMENT_KEY: 'sandbox',
    OPENROUTER_BASE_URL: baseUrl,
    DATABASE_URL: place.catalog,
    TURSO_DATABASE_URL: `file:${place.store}`,
    EMBEDDINGS_HOME: place.home,
  });
  const model = 'openai/text-embedding-3-small';
  const dimensions = 1536;
  return {
    ...settings,
    ...sounds,
    // The demo is the same for every user: its own Temporal, the default model.
    environment: {},
    storeToken: null,
    catalogUrl: settings.catalogUrl ?? place.catalog,
    model,
    dimensions,
    collection: { ...settings.collection, model: { id: model, dimensions, document: {}, query: {} } },
  };
}

/** Returns the command that starts this demo or continues it. */
export function demoCommand({ of }: Pick<DemoPlace, 'of'>): string {
  if ('folder' in of) return `embeddings demo --folder ${inShell(of.folder)}`;
  return of.samples === DEMO_SAMPLES ? 'embeddings demo' : `embeddings demo --samples ${of.samples}`;
}
