/** The `fmt ` chunk of WAV and Wave64. */
export interface WaveFormat {
  /** 1: PCM, 3: floats, 6 and 7: A-law and µ-law. */
  tag: number;
  channels: number;
  sampleRate: number;
  byteRate: number;
  /** Bytes of one sample of all channels. */
  frame: number;
  /** Bits of a sample, whose container may have more. Null: the chunk is too short. */
  bits: number | null;
}

/** Reads a `fmt ` chunk. `content` must have at least 14 bytes. */
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
    bits: content.length >= 16 ? short(14) : null,
  };
}
