import type { SoundFile } from './open-file.js';
import type { PcmSound } from './pcm.js';
import { NoSound } from './refusal.js';
import { pcmOf, readSampleFormat, type SampleFormat } from './wav.js';

/**
 * Chunks that are read at most. In Sony's Wave64 a chunk's name has 16 bytes, the first four of them characters; its
 * size has 64 bits.
 */
const MOST_CHUNKS = 1000;
const HEADER = 24;

/** Reads the headers of a Wave64 file. Throws NoSound. */
export async function readW64(file: SoundFile): Promise<PcmSound> {
  let format: SampleFormat | null = null;
  let at = HEADER + 16;
  for (let count = 0; count < MOST_CHUNKS; count++) {
    const header = await file.read(at, HEADER);
    if (header.length < HEADER) break;
    const id = header.toString('latin1', 0, 4);
    // The size includes the chunk's header; it is 0 if the writer was stopped early.
    const size = Number(header.readBigUInt64LE(16));
    const content = at + HEADER;
    if (id === 'fmt ') format ??= readSampleFormat(await file.read(content, 40), size - HEADER, false);
    else if (id === 'data' && format !== null) {
      const given = size < HEADER ? file.size : size - HEADER;
      return pcmOf(format, false, content, Math.min(given, file.size - content));
    }
    if (size < HEADER) break;
    at += Math.ceil(size / 8) * 8;
  }
  throw new NoSound('no-audio');
}
