import { describe, expect, it } from 'vitest';
import { answerFor, type RangeRequest } from '../../src/sound/byte-range.js';

const SIZE = 1000;
const ETAG = '"tag"';
const DATE = 'Thu, 26 Nov 2026 12:00:00 GMT';
const file = { size: SIZE, etag: ETAG, lastModified: new Date(Date.UTC(2026, 10, 26, 12, 0, 0, 789)) };
const answer = (request: Partial<RangeRequest>, of = file) =>
  answerFor({ range: null, ifRange: null, ifNoneMatch: null, ...request }, of);
const WHOLE = { status: 200, from: 0, to: SIZE };

describe('a range', () => {
  it.each([
    ['bytes=0-', 0, 1000],
    ['bytes=0-0', 0, 1],
    ['bytes=5-9', 5, 10],
    ['bytes=999-', 999, 1000],
    ['bytes=0-999', 0, 1000],
    ['bytes=0-1000', 0, 1000],
    ['bytes=500-99999999999999999999999999', 500, 1000],
    ['bytes=-1', 999, 1000],
    ['bytes=-500', 500, 1000],
    ['bytes=-5000', 0, 1000],
    ['bytes=-99999999999999999999999999', 0, 1000],
    ['bytes=0005-0009', 5, 10],
    ['Bytes=5-9', 5, 10],
    ['bytes= 5-9 ', 5, 10],
    ['bytes=5-9,', 5, 10],
    ['bytes=,,5-9', 5, 10],
  ])('%s is answered with its bytes', (range, from, to) => {
    expect(answer({ range })).toEqual({
      status: 206,
      ...{ from, to },
      headers: {
        'Content-Range': `bytes ${from}-${to - 1}/1000`,
        'Content-Length': String(to - from),
        ETag: ETAG,
        'Last-Modified': DATE,
        'Accept-Ranges': 'bytes',
      },
    });
  });

  it.each(['bytes=1000-', 'bytes=1000-1001', 'bytes=-0', 'bytes=99999999999999999999999999-'])(
    '%s cannot be had',
    (range) => {
      expect(answer({ range })).toMatchObject({
        status: 416,
        from: 0,
        to: 0,
        headers: { 'Content-Range': 'bytes */1000' },
      });
    },
  );

  it.each([
    ...['bytes=0-1,5-9', 'bytes=0-,0-,0-', 'bytes=5-9, -1', 'bytes=2000-,5-9'],
    ...[
      '',
      'bytes',
      'bytes=',
      'bytes=,',
      'bytes=-',
      'bytes=a-b',
      'bytes=5',
      'bytes=9-5',
      'bytes=5-9-10',
      'bytes=--5',
    ],
    ...[
      'bytes=5 -9',
      'bytes=5- 9',
      'bytes=+5-9',
      'bytes=5.0-9',
      'bytes=0x5-9',
      'bytes=5-9;',
      'bytes:5-9',
      'bytes 5-9',
    ],
    ...[
      'lines=5-9',
      'items=0-',
      'bytes=\u0665-\u0669',
      'bytes=1e1-',
      'none',
      'bytes=99999999999999999999999999-5',
    ],
  ])('"%s" is answered with the whole', (range) => expect(answer({ range })).toMatchObject(WHOLE));

  it('of an empty file', () => {
    const empty = { ...file, size: 0 };
    expect(answer({}, empty)).toMatchObject({
      status: 200,
      from: 0,
      to: 0,
      headers: { 'Content-Length': '0' },
    });
    for (const range of ['bytes=0-', 'bytes=-5', 'bytes=0-0'])
      expect(answer({ range }, empty)).toMatchObject({
        status: 416,
        headers: { 'Content-Range': 'bytes */0' },
      });
  });

  it('never leaves the file', () => {
    let state = 1;
    const next = (most: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state % most;
    };
    for (let round = 0; round < 5000; round++) {
      const signs = Array.from({ length: next(12) }, () => '0123456789-,= bytes'[next(19)]).join('');
      const size = next(3) === 0 ? 0 : next(50);
      const { status, from, to, headers } = answer({ range: `bytes=${signs}` }, { ...file, size });
      expect(from >= 0 && from <= to && to <= size).toBe(true);
      if (status === 206) expect(headers['Content-Range']).toBe(`bytes ${from}-${to - 1}/${size}`);
      if (status === 206) expect(to).toBeGreaterThan(from);
    }
  });
});

describe('If-Range', () => {
  const range = 'bytes=5-9';
  it.each([ETAG, ` ${ETAG} `, DATE])('%s: the same version', (ifRange) =>
    expect(answer({ range, ifRange })).toMatchObject({ status: 206 }),
  );
  it.each([
    '"other"',
    `W/${ETAG}`,
    'tag',
    '',
    '*',
    'Thu, 26 Nov 2026 12:00:01 GMT',
    '2026-11-26T12:00:00Z',
    `${ETAG}, "b"`,
  ])('"%s": another version', (ifRange) => expect(answer({ range, ifRange })).toMatchObject(WHOLE));
  it('makes no range unsatisfiable that is of another version', () =>
    expect(answer({ range: 'bytes=2000-', ifRange: '"other"' })).toMatchObject(WHOLE));
});

describe('If-None-Match', () => {
  it.each([ETAG, `W/${ETAG}`, `"a", ${ETAG}`, `"a,b",W/${ETAG},"c"`, '*'])(
    '%s: not changed',
    (ifNoneMatch) => {
      const { status, headers } = answer({ ifNoneMatch, range: 'bytes=0-1' });
      expect(status).toBe(304);
      expect(headers).toMatchObject({ ETag: ETAG });
      expect(headers).not.toHaveProperty('Content-Length');
    },
  );
  it.each(['"other"', 'tag', '', '"a", "b"'])('"%s": changed', (ifNoneMatch) =>
    expect(answer({ ifNoneMatch, ifModifiedSince: DATE })).toMatchObject(WHOLE),
  );
});

describe('If-Modified-Since', () => {
  it.each([
    [DATE, 304],
    ['Fri, 27 Nov 2026 12:00:00 GMT', 304],
    ['Thu, 26 Nov 2026 11:59:59 GMT', 200],
    ['yesterday', 200],
    ['2027', 200],
  ])('%s: %d', (ifModifiedSince, status) => expect(answer({ ifModifiedSince })).toMatchObject({ status }));
});
