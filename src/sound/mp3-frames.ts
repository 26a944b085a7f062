/** Bytes of silence or garbage that may precede the first frame. */
const MOST_RUBBISH = 4096;
/** One random position in 2,000 looks like a frame; three frames in sequence do not occur by chance. */
const ENOUGH = 3;

/** Returns whether MPEG sound (MP3, MP2) or AAC in ADTS frames begins near the start of these bytes; null: neither. */
export function mp3StartsIn(bytes: Buffer): 'mpeg' | 'aac' | null {
  for (let at = 0; at < Math.min(MOST_RUBBISH, bytes.length - 4); at++) {
    if (bytes[at] !== 0xff || ((bytes[at + 1] as number) & 0xe0) !== 0xe0) continue;
    for (const [kind, lengthOf] of KINDS) if (areFrames(bytes, at, lengthOf)) return kind;
  }
  return null;
}

type FrameLength = (bytes: Buffer, at: number) => number | null;

/** Returns whether three frames follow each other, or fewer if they fill a short file to its end. */
function areFrames(bytes: Buffer, start: number, lengthOf: FrameLength): boolean {
  let at = start;
  for (let frames = 0; frames < ENOUGH; frames++) {
    if (start === 0 && frames > 0 && at === bytes.length) return true;
    const length = at + 7 <= bytes.length ? lengthOf(bytes, at) : null;
    if (length === null) return false;
    at += length;
  }
  return true;
}

/** Bit rates in kbit/s by bits 4 to 7 of the third byte: MPEG 1 layer II and III, MPEG 2 both. */
const RATES = {
  one2: [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  one3: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  two: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};

const mpegLength: FrameLength = (bytes, at) => {
  const [sync = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
  if (sync !== 0xff || (second & 0xe0) !== 0xe0) return null;
  const version = (second >> 3) & 3;
  const layer = (second >> 1) & 3;
  if (version === 1 || layer === 0 || layer === 3) return null;
  const isThird = layer === 1;
  const table = version !== 3 ? RATES.two : isThird ? RATES.one3 : RATES.one2;
  const kilobits = table[(third >> 4) - 1];
  const hertz = [44_100, 48_000, 32_000][(third >> 2) & 3];
  if (kilobits === undefined || hertz === undefined) return null;
  const rate = version === 3 ? hertz : version === 2 ? hertz / 2 : hertz / 4;
  const samples = isThird && version !== 3 ? 576 : 1152;
  return Math.floor((samples * kilobits * 125) / rate) + ((third >> 1) & 1);
};

const adtsLength: FrameLength = (bytes, at) => {
  const [sync = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = bytes.subarray(at, at + 6);
  if (sync !== 0xff || (second & 0xf6) !== 0xf0 || ((third >> 2) & 15) > 12) return null;
  const length = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5);
  return length > 7 ? length : null;
};

const KINDS: readonly ['mpeg' | 'aac', FrameLength][] = [
  ['mpeg', mpegLength],
  ['aac', adtsLength],
];
