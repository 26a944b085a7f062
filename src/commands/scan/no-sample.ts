import { type Fault, usageFault } from '../../fault.js';
import type { ScanSummary } from '../../sources/types.js';
import { leftOutOf } from './scan-lines.js';

/** Creates the Fault for folders without a sample. Says which of their files were not taken in. */
export function noSample(roots: readonly string[], summary: ScanSummary): Fault {
  const left = leftOutOf(summary);
  return usageFault(
    `there is no sample in ${roots.join(', ')}${left.length === 0 ? '' : ` (${left.join(', ')})`}: name a folder that holds WAV, AIFF, FLAC, MP3 or other audio files`,
  );
}
