import type { SoundFile } from './open-file.js';

/** Path of boxes from the file to a track's description. */
const WAY = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'];
/** Codecs of tracks that are not sound. */
const NON_AUDIO_CODECS =
  /^(?:avc|hvc|hev|mp4v|vp0|av0|s263|jpeg|tx3g|text|tmcd|c608|wvtt|stpp|mett|metx|rtp )/;
const MOST_BOXES = 2000;

/** Returns the four-character codec of the first sound track, such as `mp4a` or `alac`; null: there is none. */
export async function mp4Codec(file: SoundFile): Promise<string | null> {
  const budget = { boxes: MOST_BOXES };
  return search(file, 0, file.size, 0, budget);
}

async function search(
  file: SoundFile,
  from: number,
  to: number,
  depth: number,
  budget: { boxes: number },
): Promise<string | null> {
  let at = from;
  while (at + 8 <= to && budget.boxes-- > 0) {
    const header = await file.read(at, 16);
    if (header.length < 8) return null;
    const name = header.toString('latin1', 4, 8);
    const short = header.readUInt32BE(0);
    const long = short === 1 && header.length === 16;
    const size = long ? Number(header.readBigUInt64BE(8)) : short === 0 ? to - at : short;
    if (size < 8) return null;
    const end = Math.min(to, at + size);
    if (name === WAY[depth]) {
      const inside = at + (long ? 16 : 8);
      const found =
        name === 'stsd' ? await firstEntry(file, inside) : await search(file, inside, end, depth + 1, budget);
      if (found !== null && !NON_AUDIO_CODECS.test(found)) return found;
    }
    at += size;
  }
  return null;
}

/** Returns the name of the first entry; it follows version, flags and a count, and begins with its size. */
async function firstEntry(file: SoundFile, at: number): Promise<string | null> {
  const bytes = await file.read(at, 16);
  return bytes.length === 16 ? bytes.toString('latin1', 12, 16) : null;
}
