import type { TextForm } from '../../../imports/encoding.js';
import { type Imported, REPEATED } from '../../../imports/import-file.js';
import { count } from '../../../terminal/format.js';
import type { Console } from '../../console.js';
import type { LeftColumn } from './file-text.js';

/** Skipped lines of the file that a message names, at most. */
const NAMED = 5;

/**
 * Prints what was read from a file: its rows, what changed, and what was left out. `command`: the command that reads the
 * file again.
 */
export function printImport(
  console: Console,
  { rows, fresh, gone, text, lostColumns, leftOut }: Imported,
  { file, catalog, id, command }: { file: string; catalog: string; id: string; command: string },
): void {
  const isFirst = fresh === rows && gone === 0;
  const changes = isFirst ? '' : ` (${count(fresh)} new, ${count(gone)} gone)`;
  console.say(`Read ${count(rows)} rows of ${file} into ${catalog}${changes}; their id is the column ${id}.`);
  for (const line of encodingLines(text, command)) console.say(line);
  if (lostColumns.length > 0)
    console.say(
      `It has no column ${lostColumns.join(' and no column ')} any more: remove it from the configuration, or restore it.`,
    );
  for (const { wrong, count: times, lines } of leftOut) {
    const cure = wrong.endsWith(REPEATED) ? '; choose another id column with --column id=NAME' : '';
    console.say(`Left out: ${count(times)} with ${wrong} (line ${linesOf({ lines })})${cure}`);
  }
}

/** Says which columns a new text does not use, why, and how to take one in. */
export function printSilenced(console: Console, silenced: readonly LeftColumn[]): void {
  const [first] = silenced;
  if (first === undefined) return;
  const reasons = [...new Set(silenced.map(({ reason }) => reason))].map((reason) => {
    const columns = silenced.filter((each) => each.reason === reason).map(({ column }) => column);
    return `${columns.join(', ')} (${reason})`;
  });
  console.say(
    `Not in the text, as their names or values say nothing of the sound: ${reasons.join('; ')}. ` +
      `To take one in, add its line to the text in embeddings.config.yaml, like ${first.line}`,
  );
}

/** Encodings that a file which is not UTF-8 is likely to have. */
const LIKELY = ['macintosh', 'windows-1250', 'windows-1251', 'shift_jis', 'gbk', 'utf-8'];

/** Says what was assumed of the file's letters, and which bytes could not be read. */
function encodingLines({ encoding, isAssumed, bad }: TextForm, command: string): string[] {
  if (isAssumed)
    return [
      `The file is not UTF-8 and was read as ${encoding}. If letters are wrong, run it again with its encoding, one of ${LIKELY.join(', ')} or another: ${command} --encoding ${LIKELY[0]}`,
    ];
  if (bad !== null)
    return [
      `The file is UTF-8, but has bytes that are not: they are read as ${count(bad.count)} \uFFFD (line ${linesOf(bad)}). Correct them there and run it again; or, if it is of another encoding throughout: ${command} --encoding windows-1252`,
    ];
  return encoding === 'utf-8' ? [] : [`The file was read as ${encoding}.`];
}

const linesOf = ({ lines }: { lines: readonly number[] }): string =>
  `${lines.slice(0, NAMED).join(', ')}${lines.length > NAMED ? ', …' : ''}`;

/** Returns the same for --json. */
export const importAnswer = (
  { rows, fresh, gone, text, lostColumns, leftOut }: Imported,
  catalog: string,
  silenced: readonly LeftColumn[],
): object => ({
  ...{ catalog, rows, new: fresh, gone, lost_columns: lostColumns },
  ...{ encoding: text.encoding, bad_bytes: text.bad },
  not_in_text: silenced,
  left_out: leftOut.map(({ wrong, count: times, lines }) => ({ reason: wrong, rows: times, lines })),
});
