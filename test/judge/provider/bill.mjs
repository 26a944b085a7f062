import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/**
 * How the bill names a text, which it does not write down.
 */
export const keyOf = (text) => createHash('sha256').update(text).digest('hex').slice(0, 24);

/** A thousandth of a nanodollar: prices below a nanodollar a token are exact, too. */
export const PICOS = 1000;

/** Appends one line for each POST, before its answer is sent: what a killed client never heard of is billed all the same. */
export function openBill(file) {
  return {
    /**
     * @param line `{ at, until, keys, bytes, tokens, picos, billed, cached, whole, stated, own, answered }`: epoch ms of
     * the request and its answer; keys of its texts, their UTF-8 bytes and tokens; what was charged, in picodollars;
     * `whole`: the client was given vectors; `stated`: and told truthfully what was charged; `own`: it is an error in the
     * provider's own words; `answered`: the status, or
     * how the answer was cut.
     */
    book: (line) => appendFileSync(file, `${JSON.stringify(line)}\n`),
  };
}

/** Reads the bill back: every line, the sum in picodollars, and how often each text was charged. */
export function readBill(file) {
  const lines = existsSync(file)
    ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(JSON.parse)
    : [];
  const times = new Map();
  let picos = 0;
  for (const line of lines) {
    picos += line.picos;
    if (line.billed) for (const key of line.keys) times.set(key, (times.get(key) ?? 0) + 1);
  }
  return { lines, picos, times };
}
