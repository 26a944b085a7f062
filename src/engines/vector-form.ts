import type { NumberForm } from './types.js';

/**
 * The two forms of a stored vector. `float32`: little-endian, four bytes a number. `float8`: libSQL's FLOAT8, which its
 * functions compare directly: one byte a number, padded to a multiple of four; then scale and offset as float32, a zero
 * byte, the number of padding bytes, and the type, 4. A number is offset + scale × byte.
 */
const FLOAT8 = 4;
const AFTER = 11;

const filledUp = (dimensions: number): number => 4 * Math.ceil(dimensions / 4);

/** Returns the size of a stored vector in bytes. */
export const vectorBytes = (dimensions: number, form: NumberForm): number =>
  form === 'float32' ? 4 * dimensions : filledUp(dimensions) + AFTER;

export const formOf = (bytes: Uint8Array): NumberForm =>
  bytes.length % 4 === 3 && bytes.at(-1) === FLOAT8 ? 'float8' : 'float32';

/** Returns how many numbers a stored vector holds; not an integer if the bytes are no vector. */
export const dimensionsOf = (bytes: Uint8Array): number =>
  formOf(bytes) === 'float32' ? bytes.length / 4 : bytes.length - AFTER - (bytes.at(-2) as number);

export function writeVector(numbers: Float32Array, form: NumberForm): Uint8Array {
  if (form === 'float32') return littleEndian(numbers);
  const filled = filledUp(numbers.length);
  const bytes = new Uint8Array(filled + AFTER);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of numbers) {
    if (number < low) low = number;
    if (number > high) high = number;
  }
  // Rounds to single precision at each step, as libSQL does: the same vector gives the same bytes.
  const scale = Math.fround(Math.fround(high - low) / 255);
  const offset = Math.fround(low);
  for (const [at, number] of numbers.entries())
    bytes[at] =
      scale === 0
        ? 0
        : Math.max(0, Math.min(255, Math.floor(Math.fround(Math.fround(number - offset) / scale) + 0.5)));
  const view = new DataView(bytes.buffer);
  view.setFloat32(filled, scale, true);
  view.setFloat32(filled + 4, offset, true);
  bytes[filled + 9] = filled - numbers.length;
  bytes[filled + 10] = FLOAT8;
  return bytes;
}

/** Returns a copy: bytes from a database may not be aligned for floats. */
export function readVector(bytes: Uint8Array): Float32Array {
  if (formOf(bytes) === 'float32') return readFloats(bytes);
  const filled = bytes.length - AFTER;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [scale, offset] = [view.getFloat32(filled, true), view.getFloat32(filled + 4, true)];
  const dimensions = filled - (bytes[filled + 9] as number);
  return Float32Array.from({ length: dimensions }, (_, at) => offset + scale * (bytes[at] as number));
}

/** Converts a bought vector (little-endian float32) to the form in which a generation stores it. */
export function storedForm(
  bought: Uint8Array,
  { dimensions, form }: { dimensions: number; form: NumberForm },
): Uint8Array {
  if (form === 'float32' && bought.length === 4 * dimensions) return bought;
  return writeVector(shortened(readFloats(bought), dimensions), form);
}

// A Buffer's `slice` is a view of a larger buffer; only the constructor copies.
const readFloats = (bytes: Uint8Array): Float32Array => new Float32Array(new Uint8Array(bytes).buffer);

/** Returns the first `dimensions` numbers, scaled to length 1. Models trained for it keep their order of similarity. */
export function shortened(numbers: Float32Array, dimensions: number): Float32Array {
  if (dimensions >= numbers.length) return numbers;
  const first = numbers.slice(0, dimensions);
  let sum = 0;
  for (const number of first) sum += number * number;
  const length = Math.sqrt(sum);
  return length === 0 ? first : first.map((number) => number / length);
}

const littleEndian = (numbers: Float32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** Returns a kind of stored vectors as text for a message: `openai/text-embedding-3-small with 1536 dimensions`. */
export function kindName({ model, bytes }: { model: string | null; bytes: number }): string {
  const length =
    bytes % 4 === 0
      ? `${bytes / 4} dimensions`
      : bytes % 4 === 3
        ? `${bytes - AFTER} dimensions of eight bits`
        : `${bytes} bytes, which is no length of a vector`;
  return `${model ?? 'an unnamed model'} with ${length}`;
}
