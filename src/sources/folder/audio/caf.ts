import type { Bytes } from './bytes.js';
import { type AudioFacts, CUT_SHORT, NoAudio } from './facts.js';
import { takeNative } from './native-tags.js';
import { textOf } from './text.js';

const MOST = 1000;
const MOST_TAGS = 1_048_576;

export const isCaf = (head: Buffer): boolean => head.toString('latin1', 0, 4) === 'caff';

/** Reads Apple's Core Audio Format, the format of Logic's and GarageBand's loops. Throws NoAudio. */
export async function readCaf(bytes: Bytes): Promise<AudioFacts> {
  const facts: AudioFacts = {
    format: 'CAF',
    duration: null,
    channels: null,
    sampleRate: null,
    words: [],
    comments: [],
  };
  const { size: end } = bytes.stamp;
  let packetBytes = 0;
  let packetFrames = 0;
  let validFrames = 0;
  let sound: { at: number; size: number } | null = null;
  for (let at = 8, count = 0; count < MOST; count++) {
    const header = await bytes.read(at, 12);
    if (header.length < 12) break;
    const id = header.toString('latin1', 0, 4);
    const given = Number(header.readBigInt64BE(4));
    at += 12;
    // -1: to the file's end.
    const size = given === -1 ? end - at : given;
    if (size < 0) break;
    if (id === 'data') {
      sound ??= { at, size };
      if (given === -1) facts.openEnd = true;
    } else {
      const content = await bytes.read(at, Math.min(size, MOST_TAGS));
      if (id === 'desc' && content.length >= 32) {
        facts.sampleRate = Math.round(content.readDoubleBE(0)) || null;
        packetBytes = content.readUInt32BE(16);
        packetFrames = content.readUInt32BE(20);
        facts.channels = content.readUInt32BE(24);
      } else if (id === 'pakt' && content.length >= 16) validFrames = Number(content.readBigInt64BE(8));
      else if (id === 'info') takeInfo(content, facts);
    }
    at += size;
  }
  if (!facts.channels || !facts.sampleRate) throw new NoAudio('says nothing of its sound (no desc chunk)');
  // The data chunk begins with an edit count of four bytes.
  const there = sound ? Math.min(sound.size, end - sound.at) - 4 : 0;
  if (sound === null || there <= 0) throw new NoAudio('holds no sound');
  if (there + 4 < sound.size) facts.flaw = CUT_SHORT;
  const frames = packetBytes > 0 ? Math.floor(there / packetBytes) * packetFrames : validFrames;
  if (frames > 0) facts.duration = frames / facts.sampleRate;
  return facts;
}

/** Reads the info chunk: a count, then names and values in turn, each terminated by a zero. */
function takeInfo(content: Buffer, facts: AudioFacts): void {
  const texts: string[] = [];
  for (let at = 4; at < content.length; ) {
    const zero = content.indexOf(0, at);
    const end = zero < 0 ? content.length : zero;
    texts.push(textOf(content.subarray(at, end)) ?? '');
    at = end + 1;
  }
  const tags = [];
  for (let at = 0; at + 1 < texts.length; at += 2) tags.push({ id: texts[at] ?? '', value: texts[at + 1] });
  takeNative({ CAF: tags }, facts);
}
