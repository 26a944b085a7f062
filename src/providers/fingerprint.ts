import { hash as sha256 } from 'node:crypto';
import type { NumberForm } from '../contract/generation.js';

/** Everything that changes a vector. */
export interface Fingerprinted {
  model: string;
  dimensions: number;
  text: string;
  /** Sent as `input_type`; absent or null: not sent. */
  inputType?: string | null;
  /** What is stored of the vector; absent: all of it, as float32. */
  storedAs?: { dimensions: number; form: NumberForm };
}

/** Returns the SHA-256, 64 hexadecimal digits. Hashes are equal if, and only if, all of these values are. */
export function contentHash({ model, dimensions, text, inputType = null, storedAs }: Fingerprinted): string {
  const bought = [model, dimensions, text];
  const isWhole =
    storedAs === undefined || (storedAs.dimensions === dimensions && storedAs.form === 'float32');
  const all = isWhole
    ? inputType === null
      ? bought
      : [...bought, inputType]
    : [...bought, inputType, storedAs.dimensions, storedAs.form];
  return sha256('sha256', JSON.stringify(all), 'hex');
}
