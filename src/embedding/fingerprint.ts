import { hash as sha256 } from 'node:crypto';

/** Everything that changes a vector. */
export interface Fingerprinted {
  model: string;
  dimensions: number;
  text: string;
}

type Known = Fingerprinted & { hash: string };

/**
 * A text is hashed when it is planned and again when it is sent, so what was hashed lately is remembered: in two
 * halves, the older of which is dropped whole (a Map that forgets one key at a time grows slow).
 */
let young = new Map<string, Known>();
let old = new Map<string, Known>();
const HALF = 8192;
/** Characters; longer texts are rare, and are not kept in memory. */
const MAX_LENGTH = 4000;

/** SHA-256, 64 hexadecimal digits: equal when, and only when, model, dimensions and text are. */
export function contentHash({ model, dimensions, text }: Fingerprinted): string {
  const known = young.get(text) ?? old.get(text);
  if (known?.model === model && known.dimensions === dimensions) return known.hash;
  const hash = sha256('sha256', JSON.stringify([model, dimensions, text]), 'hex');
  if (text.length <= MAX_LENGTH) {
    if (young.size === HALF) [old, young] = [young, new Map()];
    young.set(text, { model, dimensions, text, hash });
  }
  return hash;
}
