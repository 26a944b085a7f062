import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Returns the provider's key of a text in its bill, which contains neither texts nor vectors. */
export const textKey = (model, text) => digest(`${model}\0${text}`);

/** Returns a shortened SHA-1, as in the provider's bill. */
export const digest = (data) => createHash('sha1').update(data).digest('base64').slice(0, 16);

/** Faults with charged and correct answers, which are only late or in another order or form. */
const HARMLESS = new Set(['slow', 'permuted', 'no-usage', 'floats']);

/**
 * Reads the provider's own bill: the charges and vectors of each text.
 * An incomplete last line of a killed provider was not acknowledged and is left out.
 */
export function readBill(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).map(parse).filter(Boolean);
  const texts = new Map();
  const bill = { requests: lines.length, costNanos: 0, charged: 0, boughtTwice: 0, cached: 0, texts };
  for (const { entry, keys, vectors = [] } of lines) {
    bill.costNanos += entry.costNanos;
    bill.charged += keys.length;
    if (entry.cached) bill.cached += 1;
    const spoilt = entry.fault !== undefined && !HARMLESS.has(entry.fault);
    for (const [index, key] of keys.entries()) {
      const text = texts.get(key) ?? { charges: [], vectors: new Set() };
      if (text.charges.length > 0) bill.boughtTwice += 1;
      text.charges.push({ since: Date.parse(entry.since ?? entry.at), at: Date.parse(entry.at), spoilt });
      if (vectors[index] !== undefined) text.vectors.add(vectors[index]);
      texts.set(key, text);
    }
  }
  return bill;
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
