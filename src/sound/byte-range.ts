/** Which bytes of a file a request is answered with (RFC 9110: 13.1, 13.2.2 and 14). Pure. */

/** Headers of a GET request, as they came; null: not there. */
export interface RangeRequest {
  range: string | null;
  ifRange: string | null;
  ifNoneMatch: string | null;
  /** Counts only where there is no `ifNoneMatch`. Default: null. */
  ifModifiedSince?: string | null;
}

/** What can be asked for now. */
export interface Representation {
  /** Bytes. */
  size: number;
  /** Strong, with its quotes. */
  etag: string;
  lastModified: Date;
}

export interface RangeAnswer {
  status: 200 | 206 | 304 | 416;
  /** The bytes `from` ≤ b < `to`; none of 304 and 416. */
  from: number;
  to: number;
  headers: Record<string, string>;
}

/**
 * One range is answered with its bytes; several, and what is no range, with the whole. A range of another version of the
 * file (If-Range) is answered with the whole too.
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
    // Compared weakly; a comma may be part of a tag.
    const tags: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
    return ifNoneMatch.trim() === '*' || tags.includes(etag);
  }
  const since = secondsOf(ifModifiedSince ?? null);
  return since !== null && Math.floor(lastModified.getTime() / 1000) <= since;
}

/** A weak tag never counts; a date has to be that of Last-Modified exactly. */
function isSameVersion(ifRange: string, etag: string, lastModified: Date): boolean {
  const validator = ifRange.trim();
  if (validator.endsWith('"')) return validator === etag;
  return secondsOf(validator) === Math.floor(lastModified.getTime() / 1000);
}

/** Of the form that HTTP prescribes alone: Date.parse takes much else. */
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

/** Digits of any length, which no number may hold exactly. */
const isLess = (one: string, other: string): boolean => BigInt(one) < BigInt(other);
