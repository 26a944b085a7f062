import { hash as sha256 } from 'node:crypto';

/** Everything that changes a vector. */
export interface Fingerprinted {
  model: string;
  dimensions: number;
  text: string;
  /** Sent as `input_type`; absent or null: nothing is. */
  inputType?: string | null;
}

/** SHA-256, 64 hexadecimal digits: equal when, and only when, all of that is. */
export const contentHash = ({ model, dimensions, text, inputType = null }: Fingerprinted): string =>
  sha256(
    'sha256',
    JSON.stringify(inputType === null ? [model, dimensions, text] : [model, dimensions, text, inputType]),
    'hex',
  );
