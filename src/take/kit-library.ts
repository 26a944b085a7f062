import type { SampleLibrary } from '../search/library.js';
import type { Kit } from './kit/make-kit.js';

/** An open library of which kits can be made. */
export interface KitLibrary extends SampleLibrary {
  /** As makeKit. */
  kit(text: string, options: { pads: number; seed: number }): Promise<Kit>;
}
