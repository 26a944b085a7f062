import type { NumberForm } from '../contract/generation.js';
import type { StoredVector } from '../engines/libsql/verify-reads.js';
import { readVector, vectorBytes, writeVector } from '../engines/vector-form.js';
import { badVector } from '../providers/answers/vector.js';
import type { Problem } from './kinds.js';

/** Returns what is wrong with one stored vector, independent of its text; null when nothing is. */
export function checkVector(
  { sampleId, type, vectorBytes: bytes, vector }: StoredVector,
  { dimensions, form }: { dimensions: number; form: NumberForm },
): Problem | null {
  const wanted = vectorBytes(dimensions, form);
  const problem = (kind: Problem['kind'], message: string): Problem => ({ kind, sampleId, message });
  if (type !== 'blob') return problem('wrong_length', `the vector is ${type}, not a blob of ${wanted} bytes`);
  // The contents of a vector with another length are not read.
  if (bytes !== wanted || vector === null)
    return problem(
      'wrong_length',
      `${bytes} bytes, not ${wanted} (${form === 'float32' ? '4 × ' : ''}${dimensions} dimensions)`,
    );
  const bad = badVector(form === 'float32' ? vector : writeVector(readVector(vector), 'float32'), dimensions);
  if (bad === null) return null;
  if (bad.why === 'zero') return problem('all_zero', 'every value of the vector is 0');
  return problem('not_finite', 'the vector holds NaN or infinity');
}
