import type { SampleLibrary } from '../search/library.js';
import type { Kit } from './kit/make-kit.js';

/** An open library that can make kits. */
export interface KitLibrary extends SampleLibrary {
  /** Makes a kit, see makeKit. */
  kit(text: string, options: { pads: number; seed: number }): Promise<Kit>;
}
