import { loadSettings, type Settings } from '../config.js';

/** Where a reading command looks: here, or into the demo. */
export interface Site {
  settings(): Settings;
  /** A sentence as it holds there: the commands that it names are those that work there. */
  words(sentence: string): string;
  /** Makes the audio file that a path of the catalog names, where the site makes files when they are asked for. */
  makeSound?(path: string): Promise<void>;
}

export const HERE: Site = { settings: () => loadSettings(), words: (sentence) => sentence };
