/** Why an embedding is invalid; `got` counts dimensions or bytes. */
export type BadVector =
  | { why: 'dimensions' | 'bytes'; got: number }
  | { why: 'not finite' | 'zero' | 'form' };

/**
 * Converts an embedding (base64, a list of numbers, or bytes) to little-endian float32 bytes: 4 × dimensions, finite,
 * not all zero. Returns a BadVector if it is invalid.
 */
export function readVector(embedding: unknown, dimensions: number): Uint8Array | BadVector {
  const bytes = toBytes(embedding);
  if (!(bytes instanceof Uint8Array)) return bytes;
  return badVector(bytes, dimensions) ?? bytes;
}

/** Returns what is wrong with an embedding's little-endian float32 bytes; null: nothing. */
export function badVector(bytes: Uint8Array, dimensions: number): BadVector | null {
  if (bytes.length % 4 !== 0) return { why: 'bytes', got: bytes.length };
  if (bytes.length !== 4 * dimensions) return { why: 'dimensions', got: bytes.length / 4 };
  // Without the sign bit, floats sort like their bits as integers; infinities and NaN are the largest.
  const bits = bitsOf(bytes);
  let most = 0;
  for (let at = 0; at < bits.length; at++) {
    const unsigned = (bits[at] as number) & 0x7fffffff;
    if (unsigned > most) most = unsigned;
  }
  if (most >= INFINITE) return { why: 'not finite' };
  return most === 0 ? { why: 'zero' } : null;
}

const INFINITE = 0x7f800000;

/** Returns 32-bit integers: a view if the bytes are aligned, else a copy. */
const bitsOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint32Array =>
  byteOffset % 4 === 0
    ? new Uint32Array(buffer, byteOffset, byteLength / 4)
    : new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength));

function toBytes(embedding: unknown): Uint8Array | BadVector {
  if (embedding instanceof Uint8Array) return embedding;
  // The decoder skips characters that are not base64; then the length is wrong.
  if (typeof embedding === 'string') return Buffer.from(embedding, 'base64');
  if (!Array.isArray(embedding)) return { why: 'form' };
  const bytes = new Uint8Array(4 * embedding.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of embedding.entries()) {
    if (typeof value !== 'number') return { why: 'not finite' };
    view.setFloat32(4 * index, value, true);
  }
  return bytes;
}
