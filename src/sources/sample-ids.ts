import { usageFault } from '../fault.js';
import type { IdRange } from './types.js';

const FORM = 'write ids and ranges like 1,5,10-20';
/** Batches are small: a text that expands to more ids than this is a mistake. */
const MAX_EXPANDED = 10_000_000;

/**
 * Reads `--sample-ids`: ids and inclusive ranges from 0 to 9007199254740991, e.g. `1,5,10-20`; spaces are allowed.
 * Returns sorted ranges that neither overlap nor touch. Throws a usage Fault that names the wrong part.
 */
export function parseSampleIds(text: string): IdRange[] {
  if (text.trim() === '') throw usageFault(`--sample-ids is empty; ${FORM}`);
  return mergeRanges(text.split(',').map((part) => parsePart(part.trim(), text)));
}

function parsePart(part: string, whole: string): IdRange {
  if (part === '') throw usageFault(`--sample-ids: ${quote(whole)} has nothing between two commas; ${FORM}`);
  const match = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(part);
  if (!match) throw usageFault(`--sample-ids: ${quote(part)} is neither an id nor a range; ${FORM}`);
  const from = Number(match[1]);
  const to = match[2] === undefined ? from : Number(match[2]);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
    throw usageFault(`--sample-ids: ${quote(part)} is over ${Number.MAX_SAFE_INTEGER}; ${FORM}`);
  }
  if (from > to) throw usageFault(`--sample-ids: ${quote(part)} is reversed; ${FORM}`);
  return { from, to };
}

const quote = (part: string): string => JSON.stringify(part.length > 60 ? `${part.slice(0, 57)}...` : part);

function mergeRanges(ranges: readonly IdRange[]): IdRange[] {
  const merged: IdRange[] = [];
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/** Formats ranges as parseSampleIds reads them: `1,5,10-20`. */
export const formatIdRanges = (ranges: readonly IdRange[]): string =>
  ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',');

/**
 * Returns ids as a short text: ascending, each once, runs as ranges; '' for no ids. The ids may be in any order, since
 * rows with text ids are ordered by the text. Negative ids, which a catalog may hold but `--sample-ids` cannot name,
 * keep their sign: `-7--5,-1-2`. expandIds reads the text back.
 */
export function compactIds(ids: readonly number[]): string {
  const runs: IdRange[] = [];
  for (const id of [...ids].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && id - last.to <= 1) last.to = id;
    else runs.push({ from: id, to: id });
  }
  return formatIdRanges(runs);
}

/** Returns the ids of a text that compactIds wrote. Throws a RangeError for other texts, and beyond ten million ids. */
export function expandIds(text: string): number[] {
  const ids: number[] = [];
  if (text === '') return ids;
  for (const part of text.split(',')) {
    const match = /^(-?\d+)(?:-(-?\d+))?$/.exec(part);
    if (!match) throw new RangeError(`${quote(part)} is not a compact id or range`);
    const from = Number(match[1]);
    const to = match[2] === undefined ? from : Number(match[2]);
    if (!(to - from + ids.length < MAX_EXPANDED)) throw new RangeError(`${quote(part)} holds too many ids`);
    for (let id = from; id <= to; id++) ids.push(id);
  }
  return ids;
}
