import { hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironmentSettings, type Settings } from '../../config.js';
import { inShell } from '../in-shell.js';

/** Samples of a demo where no other number is asked for. */
const DEMO_SAMPLES = 2437;

/** Paths of what a demo has under EMBEDDINGS_HOME/demo. */
export interface DemoPlace {
  /** The size of the demo catalog; or the path of a person's own folder of audio files. */
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

/** Each folder has a home of its own, which names it. `folder`: absolute. */
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

/** For `demoThatWasRun`. */
export function rememberFolder(place: DemoPlace): void {
  if ('folder' in place.of) writeFileSync(join(place.home, NAMED_IN), place.of.folder, { mode: 0o600 });
}

/** The demo that was written to last, or the one of that size; null where it was not run. */
export function demoThatWasRun(own: Settings, samples?: number): DemoPlace | null {
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

/** The folder of the demo's sounds. */
export const soundsOf = ({ home }: DemoPlace): string => join(home, 'sounds');

/** The settings of a demo: the user's own say how much at a time, never where from and where to. */
export function demoSettings(own: Settings, place: DemoPlace, baseUrl: string) {
  // Of a person's own folder the sounds are there; those of the demo catalog are made where they are asked for.
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
    // The demo is the same for everybody: its own Temporal, the default model.
    environment: {},
    storeToken: null,
    catalogUrl: settings.catalogUrl ?? place.catalog,
    model,
    dimensions,
    collection: { ...settings.collection, model: { id: model, dimensions, document: {}, query: {} } },
  };
}

/** What runs that demo, or goes on with it. */
export function demoCommand({ of }: Pick<DemoPlace, 'of'>): string {
  if ('folder' in of) return `embeddings demo --folder ${inShell(of.folder)}`;
  return of.samples === DEMO_SAMPLES ? 'embeddings demo' : `embeddings demo --samples ${of.samples}`;
}
