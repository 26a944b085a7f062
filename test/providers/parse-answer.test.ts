import { describe, expect, it } from 'vitest';
import { checkAnswer } from '../../src/providers/answers/check-answer.js';
import { parseAnswer } from '../../src/providers/answers/parse-answer.js';

const DIMENSIONS = 6;
const asBytes = (numbers: readonly number[]): Buffer => Buffer.from(Float32Array.from(numbers).buffer);
const VECTORS = [
  [0.1, -0.2, 0.3, 0.4, 0.5, 0.6],
  [1, 0, 0, 0, 0, -0],
];
const BASE64 = VECTORS.map((numbers) => asBytes(numbers).toString('base64'));
const items = (embeddings: readonly unknown[]) =>
  embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding }));
const answer = (data: unknown, more: object = {}) => ({ object: 'list', data, model: 'm · ü', ...more });
const parse = (text: string, count = 2) => parseAnswer(Buffer.from(text), { count, dimensions: DIMENSIONS });
/** The JSON with each vector as text again. */
const asText = (json: unknown): unknown =>
  JSON.parse(
    JSON.stringify(json, (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ),
  );
const embeddingsOf = (json: unknown) =>
  (json as { data: { embedding: unknown }[] }).data.map((item) => item.embedding);

describe('parseAnswer', () => {
  const whole = answer(items(BASE64), { usage: { prompt_tokens: 3, cost: 1e-7 }, id: 'gen-1' });

  it.each([
    ['compact', JSON.stringify(whole)],
    ['with blanks, as Python writes it', JSON.stringify(whole, null, 2)],
    ['after a byte order mark', `\ufeff${JSON.stringify(whole)}`],
    ['with unpadded vectors', JSON.stringify(answer(items(BASE64.map((text) => text.replace(/=+$/, '')))))],
    [
      'with the vector before the index',
      `{"data":[{"embedding":"${BASE64[0]}","index":0},{"embedding" : "${BASE64[1]}"}]}`,
    ],
  ])('has the bytes of each vector: %s', (_, text) => {
    const parsed = parse(text);
    expect(embeddingsOf(parsed)).toEqual(VECTORS.map((numbers) => new Uint8Array(asBytes(numbers))));
    expect(JSON.stringify(asText(parsed)).replaceAll('=', '')).toBe(
      JSON.stringify(JSON.parse(text.replace('\ufeff', ''))).replaceAll('=', ''),
    );
  });

  it('puts a vector where its item says', () => {
    const data = items(BASE64).reverse();
    const read = checkAnswer(parse(JSON.stringify(answer(data))), {
      ...{ what: 'a test', dimensions: DIMENSIONS },
      asked: { model: 'm', texts: ['a', 'b'] },
    });
    expect(read.vectors.map((vector) => [...new Float32Array(new Uint8Array(vector ?? []).buffer)])).toEqual(
      VECTORS.map((numbers) => [...Float32Array.from(numbers)]),
    );
  });

  it.each([
    ['a list of numbers', JSON.stringify(answer(items(VECTORS)))],
    ['one of another length', JSON.stringify(answer(items([BASE64[0], BASE64[1]?.slice(0, 16)])))],
    ['foreign characters', JSON.stringify(answer(items([BASE64[0], `!!${BASE64[1]?.slice(2)}`])))],
    ['an escaped quote', JSON.stringify(answer(items([BASE64[0], `"${BASE64[1]?.slice(1)}`])))],
    ['an escaped slash', JSON.stringify(answer(items(BASE64))).replace(/A(?=A)/, '\\u0041')],
    ['null', JSON.stringify(answer(items([BASE64[0], null])))],
    ['a mark in place of a vector', JSON.stringify(answer(items(['#1', BASE64[1]])))],
    ['fewer items', JSON.stringify(answer(items(BASE64.slice(1))))],
    ['more items', JSON.stringify(answer(items([...BASE64, BASE64[0]])))],
    ['vectors beside the data', JSON.stringify({ also: items(BASE64), ...answer(items([1, 2])) })],
    [
      'a key that came twice',
      `{"data":[{"embedding":"${BASE64[0]}","embedding":"${BASE64[1]}"},{"embedding":"#0"}]}`,
    ],
    ['no data', JSON.stringify({ error: { message: `"embedding":"${BASE64[0]}"` }, also: BASE64.join(' ') })],
    [
      'an object instead of a list',
      JSON.stringify({ data: { embedding: BASE64[0], next: { embedding: BASE64[1] } } }),
    ],
    ['null itself', 'null'],
  ])('is what JSON.parse gives where there is %s', (_, text) => {
    expect(parse(text)).toStrictEqual(JSON.parse(text));
  });

  describe.each([
    [4, 2],
    [5, 1],
  ])('of %i numbers, whose base64 has %i characters of padding', (dimensions, padding) => {
    const padded = asBytes(VECTORS[0]?.slice(0, dimensions) ?? []).toString('base64');
    const unpadded = padded.slice(0, -padding);
    const read = (raw: string) =>
      parseAnswer(Buffer.from(`{"data":[{"embedding":"${raw}"}]}`), { count: 1, dimensions });
    const [begin, rest] = [unpadded.slice(0, 5), unpadded.slice(5)];

    it.each([padded, unpadded])('has the bytes of %s', (raw) => {
      expect(embeddingsOf(read(raw))).toEqual([new Uint8Array(Buffer.from(padded, 'base64'))]);
    });

    // A backslash takes the place of padding, and what it stands before is a character of base64 too.
    it.each([
      `${begin}\\n${rest}`,
      `${begin}\\n${rest.slice(1)}`,
      `${begin}\\/${rest.slice(1)}`,
      `${begin}=${rest}`,
      `${begin}!!${rest}`,
      `${begin}!${rest}`,
    ])('is what JSON.parse gives where base64 is broken by other characters: %j', (raw) => {
      expect(read(raw)).toStrictEqual(JSON.parse(`{"data":[{"embedding":"${raw}"}]}`));
    });

    it.each(['\n', '\u0001\u0001'])(
      'throws where a control character is in it, as JSON.parse does: %j',
      (raw) => {
        expect(() => read(`${begin}${raw}${rest}`)).toThrow(SyntaxError);
      },
    );
  });

  it.each([
    ['cut off inside a vector', JSON.stringify(whole).slice(0, 60)],
    ['cut off after the vectors', JSON.stringify(whole).slice(0, -2)],
    ['with two colons', JSON.stringify(whole).replaceAll('"embedding":"', '"embedding"::"')],
    ['with a quote too many', JSON.stringify(whole).replaceAll('"embedding":"', '"embedding":""')],
  ])('throws where the JSON is %s', (_, text) => {
    expect(() => parse(text)).toThrow(SyntaxError);
  });

  it('leaves what is not UTF-8 to the same character as ever', () => {
    const text = JSON.stringify(whole).replace('m · ü', 'm ?');
    const body = Buffer.from(text);
    body[body.indexOf('?')] = 0xff;
    expect(parseAnswer(body, { count: 2, dimensions: DIMENSIONS })).toMatchObject({ model: 'm \ufffd' });
  });
});
