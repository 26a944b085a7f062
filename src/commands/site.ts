import { loadSettings, type Settings } from '../config.js';

/** Where a reading command works: on the user's library, or on the demo. */
export interface Site {
  settings(): Settings;
  /** Rewrites a sentence so that the commands it names work on this site. */
  words(sentence: string): string;
  /** Makes the audio file at a path of the catalog, on a site that makes files on request. */
  makeSound?(path: string): Promise<void>;
}

export const HERE: Site = { settings: () => loadSettings(), words: (sentence) => sentence };
