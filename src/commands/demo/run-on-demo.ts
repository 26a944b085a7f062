import { loadEnvironmentSettings, type Settings } from '../../config.js';
import { Fault, usageFault } from '../../fault.js';
import { startSandbox } from '../../local/sandbox-openrouter/index.js';
import type { Site } from '../site.js';
import { type DemoPlace, demoCommand, demoPlace, demoSettings, findDemo } from './demo-place.js';
import { makeDemoSound } from './demo-sound.js';

const READS =
  /\bembeddings (search|similar|serve|mcp|duplicates|kit|explain|status|failures|usage|report|map|verify)\b/g;
const WORKS = /\bembeddings (?:--(?:all|resume|sample-ids \d+)|generate --failed|resume\b)/g;
/** Removed from sentences: a demo is ended with Ctrl-C. */
const ENDS = / · end it: embeddings cancel\b/g;

/** Returns a function that rewrites the commands in a sentence to those that work on this demo. */
export const demoWords =
  (place: Pick<DemoPlace, 'of'>) =>
  (sentence: string): string =>
    sentence
      .replace(ENDS, '')
      .replace(READS, 'embeddings demo $1')
      .replace(WORKS, () => demoCommand(place));

/** Returns the Site that makes reading commands work on a demo. */
export const demoSite = (place: DemoPlace, settings: Settings): Site => ({
  settings: () => settings,
  words: demoWords(place),
  ...('samples' in place.of && { makeSound: (path: string) => makeDemoSound(place, path) }),
});

/**
 * Runs a reading command on an earlier demo. The sandbox is up meanwhile, since a search buys the vector of its query.
 * `samples`: the demo's size; default: the demo run last. Throws a Fault if there is no such demo.
 */
export async function runOnDemo(
  samples: number | undefined,
  act: (site: Site) => Promise<number>,
): Promise<number> {
  const own = loadEnvironmentSettings();
  const place = findDemo(own, samples);
  if (place === null)
    throw usageFault(
      samples === undefined
        ? `there is no demo in ${demoPlace(own, 0).home} yet: run embeddings demo first`
        : `there is no demo of ${samples} samples in ${demoPlace(own, samples).home} yet: run embeddings demo --samples ${samples} first`,
    );
  const sandbox = await startSandbox({ billFile: place.bill });
  const words = demoWords(place);
  try {
    return await act(demoSite(place, demoSettings(own, place, sandbox.baseUrl)));
  } catch (error) {
    if (error instanceof Fault) throw new Fault(error.kind, words(error.message), { cause: error });
    throw error;
  } finally {
    await sandbox.stop();
  }
}
