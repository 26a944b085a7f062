import type { AudioFacts } from './facts.js';
import { takeTags } from './tagged.js';
import { synchronised } from './unsynchronisation.js';

/** Reads the ID3 tag in a chunk of WAV or AIFF. Ignores a tag that cannot be parsed. */
export async function readId3(content: Buffer, facts: AudioFacts): Promise<void> {
  if (content.toString('latin1', 0, 3) !== 'ID3') return;
  const { parseBuffer } = await import('music-metadata');
  try {
    const tag = synchronised(content);
    takeTags(await parseBuffer(tag, 'audio/mpeg', { skipCovers: true, duration: false }), facts);
  } catch {
    // The sound can still be used.
  }
}
