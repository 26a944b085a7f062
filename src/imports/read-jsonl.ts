import { usageFault } from '../fault.js';
import { ColumnNames } from './column-names.js';
import { type EncodingChoice, textFormOf } from './encoding.js';
import { jsonOf, parseJson, textOfNumber } from './parse-json.js';
import { textOf } from './text-of-file.js';
import type { FileReader, FileRow, Value } from './types.js';

/** A longer line is left out. */
const LONGEST_LINE = 16_000_000;
/** SQLite's limit is 2,000. A file with more keys than this uses values as keys. */
const MOST_COLUMNS = 500;

/** Reads a file with a JSON object in each line. The keys are the columns; nested values stay JSON. */
export async function readJsonLines(path: string, choice?: EncodingChoice): Promise<FileReader> {
  const text = await textFormOf(path, choice);
  const { encoding } = text;
  const names = new ColumnNames();
  const places = new Map<string, number>();
  const placeOf = (key: string): number | null => {
    const known = places.get(key);
    if (known !== undefined) return known;
    if (names.names.length >= MOST_COLUMNS) return null;
    const place = names.add(key);
    places.set(key, place);
    return place;
  };

  async function* rows(): AsyncGenerator<FileRow> {
    let line = 0;
    for await (const content of linesOf(textOf(path, encoding))) {
      line += 1;
      if (content === null) {
        yield { line, wrong: `more than ${LONGEST_LINE / 1e6} million letters in one line` };
        continue;
      }
      if (content.trim() === '') continue;
      if (line === 1 && /^\s*\[/.test(content))
        throw usageFault(
          `${path} is one list, not an object in each line: jq -c '.[]' '${path}' > samples.jsonl writes such a file`,
        );
      const object = objectIn(content);
      if (object === null) {
        yield { line, wrong: 'not an object of JSON' };
        continue;
      }
      const values: Value[] = new Array(names.names.length).fill(null);
      let tooMany = false;
      for (const [key, value] of Object.entries(object)) {
        const place = placeOf(key);
        if (place === null) tooMany = true;
        else values[place] = stored(value);
      }
      yield tooMany
        ? { line, wrong: `more than ${MOST_COLUMNS} different keys in the file` }
        : { line, values };
    }
  }
  return { columns: names.names, repeated: names.repeated, text, rows };
}

function objectIn(text: string): object | null {
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function stored(value: unknown): Value {
  if (typeof value === 'string') return value.trim() === '' ? null : textOfNumber(value);
  if (typeof value === 'number') return value;
  return value === null || value === undefined
    ? null
    : typeof value === 'boolean'
      ? String(value)
      : jsonOf(value);
}

/** Yields the lines; null for one that is too long, of which only the end is looked for. */
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string | null> {
  let rest = '';
  let isTooLong = false;
  for await (const piece of pieces) {
    const lines = piece.split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) {
      yield isTooLong || rest.length + line.length > LONGEST_LINE ? null : rest + line;
      rest = '';
      isTooLong = false;
    }
    isTooLong ||= rest.length + last.length > LONGEST_LINE;
    rest = isTooLong ? '' : rest + last;
  }
  if (isTooLong) yield null;
  else if (rest !== '') yield rest;
}
