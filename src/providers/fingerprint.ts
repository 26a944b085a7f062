import { hash as sha256 } from 'node:crypto';
import type { NumberForm } from '../contract/generation.js';

/** Everything that changes a vector. */
export interface Fingerprinted {
  model: string;
  dimensions: number;
  text: string;
  /** Sent as `input_type`; absent or null: nothing is. */
  inputType?: string | null;
  /** What is stored of it; absent: all of it, as float32. */
  storedAs?: { dimensions: number; form: NumberForm };
}

/** SHA-256, 64 hexadecimal digits: equal when, and only when, all of that is. */
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
