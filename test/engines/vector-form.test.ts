import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kindName, readVector, shortened, storedForm, writeVector } from '../../src/engines/vector-form.js';

const numbers = fc
  .array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1, max: 1 }), {
    minLength: 4,
    maxLength: 1000,
  })
  .map((values) => Float32Array.from(values));

/** The same bytes as Node hands them out: a view of a pool that holds other things before and after. */
function pooled(bytes: Uint8Array): Buffer {
  const pool = Buffer.alloc(bytes.length + 64, 0x7f);
  const part = pool.subarray(24, 24 + bytes.length);
  part.set(bytes);
  return part;
}

it('a vector is the same whatever kind of bytes holds it: an array of its own, or a part of a larger buffer', () => {
  fc.assert(
    fc.property(numbers, fc.constantFrom('float32', 'float8'), (vector, form) => {
      const bytes = writeVector(vector, form);
      expect([...readVector(pooled(bytes))]).toEqual([...readVector(bytes)]);
      if (form === 'float32') expect([...readVector(pooled(bytes))]).toEqual([...vector]);
    }),
  );
});

it('so is what is stored of one that was bought', () => {
  fc.assert(
    fc.property(numbers, fc.constantFrom('float32', 'float8'), (vector, form) => {
      const bought = writeVector(vector, 'float32');
      const dimensions = Math.max(2, Math.floor(vector.length / 2));
      const stored = storedForm(pooled(bought), { dimensions, form });
      expect([...stored]).toEqual([...storedForm(bought, { dimensions, form })]);
      expect([...stored]).toEqual([...writeVector(shortened(vector, dimensions), form)]);
    }),
  );
});

it.each([
  [
    { model: 'openai/text-embedding-3-small', bytes: 6144 },
    'openai/text-embedding-3-small with 1536 dimensions',
  ],
  [{ model: 'qwen/small', bytes: 523 }, 'qwen/small with 512 dimensions of eight bits'],
  [{ model: null, bytes: 32 }, 'an unnamed model with 8 dimensions'],
  [{ model: null, bytes: 33 }, 'an unnamed model with 33 bytes, which is no length of a vector'],
])('stored vectors are named by model and length: %j', (kind, name) => {
  expect(kindName(kind)).toBe(name);
});
