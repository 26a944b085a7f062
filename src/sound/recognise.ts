import {
  ebmlType,
  firstOggPacket,
  isAsf,
  isAu,
  isCaf,
  isDsdiff,
  isDsf,
  isFlac,
  isMonkeysAudio,
  isMusepack,
  isWavPack,
} from './headers.js';
import { mp3StartsIn } from './mp3-frames.js';
import { mp4Codec } from './mp4.js';
import type { SoundFile } from './open-file.js';
import { NoSound, shownForm } from './refusal.js';

/** What a file is by its content; its name does not count. */
export type Recognised =
  /** Examined further: `wav`, `w64`, `aiff` and `caf` may need a conversion. */
  | { form: 'wav' | 'w64' | 'aiff' | 'caf'; type: string }
  /** Browsers play the file as it is. */
  | { form: 'played'; type: string }
  /** Sound that most browsers do not play, and its name. */
  | { form: 'unplayed'; type: string; name: string };

/** Bytes at the start of a file that are examined. */
const HEAD = 65_536;

/** Recognises a file. Throws NoSound for an unknown form. */
export async function recognise(file: SoundFile): Promise<Recognised> {
  if (file.size === 0) throw new NoSound('no-audio', 'The file is empty: replace it by another copy.');
  const head = await file.read(0, HEAD);
  const found = byMagic(head) ?? (await mp4(file, head)) ?? (await behindTag(file, head)) ?? bareMpeg(head);
  if (found === null) throw new NoSound('no-audio');
  return found;
}

const played = (type: string): Recognised => ({ form: 'played', type });
const unplayed = (name: string, type: string): Recognised => ({ form: 'unplayed', name, type });

function byMagic(head: Buffer): Recognised | null {
  const text = (at: number, length = 4): string => head.toString('latin1', at, at + length);
  switch (text(0)) {
    case 'RIFF':
    case 'RIFX':
    case 'RF64':
    case 'BW64':
      return text(8) === 'WAVE' ? { form: 'wav', type: 'audio/wav' } : null;
    case 'riff':
      return head.subarray(0, 16).equals(W64) ? { form: 'w64', type: 'audio/x-w64' } : null;
    case 'FORM':
      return /^AIF[FC]$/.test(text(8)) ? { form: 'aiff', type: 'audio/aiff' } : null;
    case 'caff':
      return isCaf(head) ? { form: 'caf', type: 'audio/x-caf' } : null;
    case 'fLaC':
      return isFlac(head) ? played('audio/flac') : null;
    case 'OggS':
      return ogg(head);
    case 'wvpk':
      return isWavPack(head) ? unplayed('WavPack', 'audio/x-wavpack') : null;
    case 'MAC ':
      return isMonkeysAudio(head) ? unplayed("Monkey's Audio", 'audio/x-ape') : null;
    case 'MPCK':
      return isMusepack(head) ? unplayed('Musepack', 'audio/x-musepack') : null;
    case 'DSD ':
      return isDsf(head) ? DSD : null;
    case 'FRM8':
      return isDsdiff(head) ? DSD : null;
    case '.snd':
      return isAu(head) ? unplayed('AU', 'audio/basic') : null;
  }
  if (head.subarray(0, 16).equals(ASF))
    return isAsf(head) ? unplayed('Windows Media', 'audio/x-ms-wma') : null;
  const document = ebmlType(head);
  if (document === 'webm') return played('audio/webm');
  return document === 'matroska' ? unplayed('Matroska', 'audio/x-matroska') : null;
}

const W64 = Buffer.from('726966662e91cf11a5d628db04c10000', 'hex');
const ASF = Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex');
const DSD = unplayed('DSD', 'audio/x-dsd');

/** The first packet names the codec. */
function ogg(head: Buffer): Recognised | null {
  const first = firstOggPacket(head)?.toString('latin1', 0, 8) ?? '';
  if (first === 'OpusHead') return played('audio/ogg; codecs=opus');
  if (first.startsWith('\x01vorbis')) return played('audio/ogg; codecs=vorbis');
  if (first.startsWith('\x7fFLAC')) return played('audio/ogg; codecs=flac');
  return first === 'Speex   ' ? unplayed('Speex', 'audio/ogg') : null;
}

async function mp4(file: SoundFile, head: Buffer): Promise<Recognised | null> {
  if (head.toString('latin1', 4, 8) !== 'ftyp') return null;
  const codec = await mp4Codec(file);
  if (codec === null) return null;
  if (/^(?:mp4a|Opus|fLaC|\.mp3)$/.test(codec)) return played('audio/mp4');
  return unplayed(codec === 'alac' ? 'Apple Lossless' : `an MP4 of ${shownForm(codec)}`, 'audio/mp4');
}

/** Recognises MP3, AAC or FLAC after ID3v2 tags, which may be longer than the bytes read so far. */
async function behindTag(file: SoundFile, head: Buffer): Promise<Recognised | null> {
  let at = 0;
  for (let tags = 0; tags < 8; tags++) {
    const tag = await file.read(at, 10);
    if (tag.length < 10 || tag.toString('latin1', 0, 3) !== 'ID3') break;
    const [a = 0, b = 0, c = 0, d = 0] = tag.subarray(6);
    at += 10 + (((a & 127) << 21) | ((b & 127) << 14) | ((c & 127) << 7) | (d & 127));
  }
  if (at === 0) return null;
  const next = at + 8192 <= head.length ? head.subarray(at) : await file.read(at, 8192);
  if (isFlac(next)) return played('audio/flac');
  return bareMpeg(next);
}

/** Recognises MP3 and AAC, which have no magic number, only a pattern repeated in each frame. */
function bareMpeg(bytes: Buffer): Recognised | null {
  const found = mp3StartsIn(bytes);
  return found === null ? null : played(found === 'aac' ? 'audio/aac' : 'audio/mpeg');
}
