import type { SoundFile } from './open-file.js';
import { type Encoding, type PcmSound, pcmSound } from './pcm.js';
import { NoSound, shownForm } from './refusal.js';

const MOST_CHUNKS = 1000;
const IS_FLOAT = 1;
const IS_LITTLE_ENDIAN = 2;

/** Reads the headers of Apple's Core Audio Format. Throws NoSound, also for compressed sound. */
export async function readCaf(file: SoundFile): Promise<PcmSound> {
  let format: Format | null = null;
  let at = 8;
  for (let count = 0; count < MOST_CHUNKS; count++) {
    const header = await file.read(at, 12);
    if (header.length < 12) break;
    const id = header.toString('latin1', 0, 4);
    const size = Number(header.readBigInt64BE(4));
    const content = at + 12;
    if (id === 'desc') format ??= readFormat(await file.read(content, 32));
    else if (id === 'data' && format !== null) {
      // Size -1 means up to the file's end. The sound follows an edit counter.
      const end = size < 0 ? file.size : Math.min(file.size, content + size);
      return pcmSound({ ...format, at: content + 4, there: end - content - 4 });
    }
    if (size < 0) break;
    at = content + size;
  }
  throw new NoSound('no-audio');
}

type Format = Pick<PcmSound, 'encoding' | 'channels' | 'sampleRate'>;

function readFormat(content: Buffer): Format | null {
  if (content.length < 32) return null;
  const sampleRate = Math.round(content.readDoubleBE(0));
  const name = content.toString('latin1', 8, 12);
  const channels = content.readUInt32BE(24);
  const encoding = encodingOf(name, content.readUInt32BE(12), content.readUInt32BE(16) / channels);
  if (encoding === null)
    throw new NoSound(
      'unplayable',
      `The file is a CAF with sound of ${shownForm(name)}, which browsers do not play: download it, or convert it to WAV.`,
    );
  return { encoding, channels, sampleRate };
}

function encodingOf(name: string, flags: number, width: number): Encoding | null {
  if (name === 'alaw' || name === 'ulaw') return name;
  if (name !== 'lpcm') return null;
  const order = flags & IS_LITTLE_ENDIAN ? 'le' : 'be';
  if (flags & IS_FLOAT) return width === 4 || width === 8 ? `f${(8 * width) as 32 | 64}${order}` : null;
  if (width === 1) return 's8';
  return width === 2 || width === 3 || width === 4 ? `s${(8 * width) as 16 | 24 | 32}${order}` : null;
}
