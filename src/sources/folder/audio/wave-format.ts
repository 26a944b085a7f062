/** A `fmt ` chunk: of WAV, and of Wave64. */
export interface WaveFormat {
  /** 1: PCM, 3: floats. */
  tag: number;
  channels: number;
  sampleRate: number;
  byteRate: number;
  /** Bytes of a sample of all channels. */
  frame: number;
}

/** `content` has 14 bytes or more. */
export function readFormat(content: Buffer, bigEndian: boolean): WaveFormat {
  const short = (at: number) => (bigEndian ? content.readUInt16BE(at) : content.readUInt16LE(at));
  const long = (at: number) => (bigEndian ? content.readUInt32BE(at) : content.readUInt32LE(at));
  const extensible = short(0) === 0xfffe && content.length >= 26;
  return {
    tag: extensible ? short(24) : short(0),
    channels: short(2),
    sampleRate: long(4),
    byteRate: long(8),
    frame: short(12),
  };
}

/**
 * Seconds of `size` bytes; null: unknown. PCM and floats tell it by their bytes; compressed sound by `frames`, which its
 * `fact` chunk gives, or roughly by its bytes a second.
 */
export function durationOf(
  { tag, frame, sampleRate, byteRate }: WaveFormat,
  size: number,
  frames: number | null,
): number | null {
  if ((tag === 1 || tag === 3) && frame > 0) return Math.floor(size / frame) / sampleRate;
  if (frames !== null && frames > 0) return frames / sampleRate;
  return byteRate > 0 ? size / byteRate : null;
}
