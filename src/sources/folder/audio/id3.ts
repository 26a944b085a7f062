import type { AudioFacts } from './facts.js';
import { takeTags } from './tagged.js';

/** An ID3 tag as it lies in a chunk of WAV or AIFF; one that cannot be read tells nothing. */
export async function readId3(content: Buffer, facts: AudioFacts): Promise<void> {
  if (content.toString('latin1', 0, 3) !== 'ID3') return;
  const { parseBuffer } = await import('music-metadata');
  try {
    takeTags(await parseBuffer(content, 'audio/mpeg', { skipCovers: true, duration: false }), facts);
  } catch {
    // The sound is there all the same.
  }
}
