import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironmentSettings, type Settings } from '../../config.js';

/** Samples of a demo where no other number is asked for. */
const DEMO_SAMPLES = 2437;

/** Paths of what a demo of that size has under EMBEDDINGS_HOME/demo. */
export interface DemoPlace {
  samples: number;
  home: string;
  catalog: string;
  store: string;
  /** The sandbox's bill, which all sizes share. */
  bill: string;
}

const homeOf = ({ home }: Settings): string => join(home, 'demo');

export function demoPlace(own: Settings, samples: number): DemoPlace {
  const home = homeOf(own);
  const file = (name: string): string => join(home, name);
  return {
    samples,
    home,
    catalog: file(`catalog-${samples}.db`),
    store: file(`store-${samples}.db`),
    bill: file('bill.jsonl'),
  };
}

/** The demo that was written to last, or the one of that size; null where it was not run. */
export function demoThatWasRun(own: Settings, samples?: number): DemoPlace | null {
  const found = storesIn(homeOf(own)).filter((each) => samples === undefined || each.samples === samples);
  const newest = found.sort((a, b) => b.writtenAt - a.writtenAt)[0];
  return newest === undefined ? null : demoPlace(own, newest.samples);
}

function storesIn(home: string): { samples: number; writtenAt: number }[] {
  let names: string[];
  try {
    names = readdirSync(home);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const samples = /^store-(\d+)\.db$/.exec(name)?.[1];
    return samples === undefined
      ? []
      : [{ samples: Number(samples), writtenAt: statSync(join(home, name)).mtimeMs }];
  });
}

/** The settings of a demo: the user's own say how much at a time, never where from and where to. */
export function demoSettings(own: Settings, place: DemoPlace, baseUrl: string) {
  const settings = loadEnvironmentSettings({
    ...own.environment,
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
    // The demo is the same for everybody: its own Temporal, the default model.
    environment: {},
    storeToken: null,
    catalogUrl: place.catalog,
    model,
    dimensions,
    collection: { ...settings.collection, model: { id: model, dimensions, document: {}, query: {} } },
  };
}

/** What runs a demo of that size, or goes on with it. */
export const demoCommand = (samples: number): string =>
  samples === DEMO_SAMPLES ? 'embeddings demo' : `embeddings demo --samples ${samples}`;
