/** Why an embedding is none; `got` counts dimensions or bytes. */
export type BadVector =
  | { why: 'dimensions' | 'bytes'; got: number }
  | { why: 'not finite' | 'zero' | 'form' };

/** An embedding, base64 or a list of numbers, as little-endian float32 bytes: 4 × dimensions, finite, not all zero. */
export function readVector(embedding: unknown, dimensions: number): Uint8Array | BadVector {
  const bytes = toBytes(embedding);
  if (!(bytes instanceof Uint8Array)) return bytes;
  return badVector(bytes, dimensions) ?? bytes;
}

/** What is wrong with an embedding's little-endian float32 bytes; null: nothing. */
export function badVector(bytes: Uint8Array, dimensions: number): BadVector | null {
  if (bytes.length % 4 !== 0) return { why: 'bytes', got: bytes.length };
  if (bytes.length !== 4 * dimensions) return { why: 'dimensions', got: bytes.length / 4 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let zero = true;
  for (let offset = 0; offset < bytes.length; offset += 4) {
    const value = view.getFloat32(offset, true);
    if (!Number.isFinite(value)) return { why: 'not finite' };
    if (value !== 0) zero = false;
  }
  return zero ? { why: 'zero' } : null;
}

function toBytes(embedding: unknown): Uint8Array | BadVector {
  // Foreign characters are skipped here, and then the length is wrong.
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
