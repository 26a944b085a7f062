import { parseJsonBody, parseJsonText } from './json.js';

const KEY = Buffer.from('"embedding"');
const QUOTE = 0x22;
const COLON = 0x3a;
const PADDING = 0x3d;
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d]);

export interface Vectors {
  count: number;
  /** Numbers of each. */
  dimensions: number;
}

/**
 * The JSON of an answer as JSON.parse gives it. Where each of `count` items has base64 of `dimensions` float32, their
 * bytes stand in its place as `data[i].embedding`, in one buffer that they share: vectors are nearly all of an answer, and
 * as strings they would be copied three times. Throws a SyntaxError.
 */
export const parseAnswer = (body: Buffer, vectors: Vectors): unknown =>
  vectorsApart(body, vectors) ?? parseJsonBody(body);

/** Null: the whole is to be parsed. */
function vectorsApart(body: Buffer, { count, dimensions }: Vectors): unknown {
  const size = 4 * dimensions;
  if (body.length < count * size) return null;
  const all = Buffer.allocUnsafeSlow(count * size);
  const rest: string[] = [];
  let found = 0;
  let from = 0;
  for (let key = body.indexOf(KEY); key >= 0; key = body.indexOf(KEY, key + 1)) {
    const begin = valueAfter(body, key + KEY.length);
    // A value, as in `"object":"embedding"`.
    if (begin === null) continue;
    const end = body[begin] === QUOTE ? body.indexOf(QUOTE, begin + 1) : -1;
    // Foreign characters, a backslash too, are skipped, and then bytes are missing.
    const right =
      end >= 0 &&
      found < count &&
      hasLengthOf(body, begin + 1, end, size) &&
      all.write(body.toString('latin1', begin + 1, end), found * size, 'base64') === size;
    if (!right) return null;
    rest.push(body.toString('utf8', from, begin), `"${mark(found)}"`);
    found += 1;
    from = end + 1;
  }
  if (found !== count) return null;
  rest.push(body.toString('utf8', from));
  const json = parseJsonText(rest.join(''));
  const items = itemsOf(json);
  if (items?.length !== count) return null;
  // Those that were found elsewhere in the answer are of no item.
  for (const [index, item] of items.entries()) if (item?.embedding !== mark(index)) return null;
  for (const [index, item] of items.entries())
    (item as Item).embedding = new Uint8Array(all.buffer, index * size, size);
  return json;
}

type Item = { embedding?: unknown };

const mark = (index: number): string => `#${index}`;

const itemsOf = (json: unknown): (Item | null)[] | null => {
  const data = typeof json === 'object' && json !== null && 'data' in json ? json.data : null;
  return Array.isArray(data) ? data : null;
};

/** Where the value of a key begins that ends before `from`; null where it is no key. */
function valueAfter(body: Buffer, from: number): number | null {
  const colon = afterBlanks(body, from);
  return body[colon] === COLON ? afterBlanks(body, colon + 1) : null;
}

function afterBlanks(body: Buffer, from: number): number {
  let at = from;
  while (BLANKS.has(body[at] as number)) at += 1;
  return at;
}

/**
 * Whether the characters from `from` to `to` are as many as base64 of `bytes` has, with or without padding. What stands in
 * the place of padding must be padding: a foreign character there would leave room for one more elsewhere.
 */
function hasLengthOf(body: Buffer, from: number, to: number, bytes: number): boolean {
  const unpadded = from + Math.ceil((4 * bytes) / 3);
  if (to === unpadded) return true;
  return (
    to - from === 4 * Math.ceil(bytes / 3) && body.subarray(unpadded, to).every((byte) => byte === PADDING)
  );
}
