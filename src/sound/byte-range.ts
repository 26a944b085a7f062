/** Decides which bytes of a file answer a request (RFC 9110: 13.1, 13.2.2 and 14). Pure functions. */

/** Headers of a GET request, unparsed; null: absent. */
export interface RangeRequest {
  range: string | null;
  ifRange: string | null;
  ifNoneMatch: string | null;
  /** Ignored if there is an `ifNoneMatch`. Default: null. */
  ifModifiedSince?: string | null;
}

/** The file's present state. */
export interface Representation {
  /** Bytes. */
  size: number;
  /** A strong tag, with its quotes. */
  etag: string;
  lastModified: Date;
}

export interface RangeAnswer {
  status: 200 | 206 | 304 | 416;
  /** The bytes `from` ≤ b < `to`; empty for 304 and 416. */
  from: number;
  to: number;
  headers: Record<string, string>;
}

/**
 * Answers one range with its bytes; several ranges, and a malformed header, with the whole file. A range of another
 * version of the file (If-Range) is answered with the whole file too.
 */
export function answerFor(request: RangeRequest, { size, etag, lastModified }: Representation): RangeAnswer {
  const always = {
    ETag: etag,
    'Last-Modified': lastModified.toUTCString(),
    'Accept-Ranges': 'bytes',
  };
  const none = { from: 0, to: 0 };
  if (isUnchanged(request, etag, lastModified)) return { status: 304, ...none, headers: always };
  const whole: RangeAnswer = {
    status: 200,
    from: 0,
    to: size,
    headers: { ...always, 'Content-Length': String(size) },
  };
  const { range, ifRange } = request;
  if (range === null || (ifRange !== null && !isSameVersion(ifRange, etag, lastModified))) return whole;
  const asked = parseRange(range, size);
  if (asked === 'whole') return whole;
  if (asked === 'unsatisfiable')
    return {
      status: 416,
      ...none,
      headers: { ...always, 'Content-Range': `bytes */${size}`, 'Content-Length': '0' },
    };
  const { from, to } = asked;
  return {
    status: 206,
    from,
    to,
    headers: {
      ...always,
      'Content-Range': `bytes ${from}-${to - 1}/${size}`,
      'Content-Length': String(to - from),
    },
  };
}

function isUnchanged(
  { ifNoneMatch, ifModifiedSince }: RangeRequest,
  etag: string,
  lastModified: Date,
): boolean {
  if (ifNoneMatch !== null) {
    // Weak comparison (W/ is ignored); a tag may contain commas.
    const tags: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
    return ifNoneMatch.trim() === '*' || tags.includes(etag);
  }
  const since = secondsOf(ifModifiedSince ?? null);
  return since !== null && Math.floor(lastModified.getTime() / 1000) <= since;
}

/** Returns whether If-Range matches. A weak tag never does; a date must equal Last-Modified exactly. */
function isSameVersion(ifRange: string, etag: string, lastModified: Date): boolean {
  const validator = ifRange.trim();
  if (validator.endsWith('"')) return validator === etag;
  return secondsOf(validator) === Math.floor(lastModified.getTime() / 1000);
}

/** Parses only the date form that HTTP prescribes: Date.parse accepts many others. */
function secondsOf(date: string | null): number | null {
  if (date === null) return null;
  const time = Date.parse(date);
  return Number.isNaN(time) || new Date(time).toUTCString() !== date.trim() ? null : time / 1000;
}

function parseRange(range: string, size: number): { from: number; to: number } | 'whole' | 'unsatisfiable' {
  const [, list] = /^[ \t]*bytes[ \t]*=(.*)$/is.exec(range) ?? [];
  const specs = (list ?? '')
    .split(',')
    .map((spec) => spec.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((spec) => spec !== '');
  const [spec, ...others] = specs;
  if (spec === undefined || others.length > 0) return 'whole';
  const [, first, last] = /^(\d*)-(\d*)$/.exec(spec) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { from: size - length, to: size };
  }
  const from = Number(first);
  if (last !== '' && isLess(last, first)) return 'whole';
  if (from >= size) return 'unsatisfiable';
  return { from, to: last === '' ? size : Math.min(Number(last) + 1, size) };
}

/** Compares digits of any length, since a number may not hold them exactly. */
const isLess = (one: string, other: string): boolean => BigInt(one) < BigInt(other);
