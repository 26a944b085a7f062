import { hash as sha256 } from 'node:crypto';

/** Everything that changes a vector. */
export interface Fingerprinted {
  model: string;
  dimensions: number;
  text: string;
}

/** SHA-256, 64 hexadecimal digits: equal when, and only when, model, dimensions and text are. */
export const contentHash = ({ model, dimensions, text }: Fingerprinted): string =>
  sha256('sha256', JSON.stringify([model, dimensions, text]), 'hex');
