import type { StoredVector } from '../engines/libsql/verify-reads.js';
import { badVector } from '../providers/answers/vector.js';
import type { Problem } from './kinds.js';

/** What is wrong with one stored vector, whatever it stands for; null: nothing. */
export function checkVector(
  { sampleId, type, vectorBytes, vector }: StoredVector,
  dimensions: number,
): Problem | null {
  const wanted = 4 * dimensions;
  const problem = (kind: Problem['kind'], message: string): Problem => ({ kind, sampleId, message });
  if (type !== 'blob') return problem('wrong_length', `the vector is ${type}, not a blob of ${wanted} bytes`);
  // A vector of another length is not even read.
  if (vectorBytes !== wanted || vector === null)
    return problem('wrong_length', `${vectorBytes} bytes, not ${wanted} (4 × ${dimensions} dimensions)`);
  const bad = badVector(vector, dimensions);
  if (bad === null) return null;
  if (bad.why === 'zero') return problem('all_zero', 'every value of the vector is 0');
  return problem('not_finite', 'the vector holds NaN or infinity');
}
