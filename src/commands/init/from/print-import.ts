import { type Imported, REPEATED } from '../../../imports/import-file.js';
import { count } from '../../../terminal/format.js';
import type { Console } from '../../console.js';

/** Skipped lines of the file that a message names, at most. */
const NAMED = 5;

/** Prints what was read from a file: its rows, what changed, and what was left out. */
export function printImport(
  console: Console,
  { rows, fresh, gone, lostColumns, leftOut }: Imported,
  { file, catalog, id }: { file: string; catalog: string; id: string },
): void {
  const isFirst = fresh === rows && gone === 0;
  const changes = isFirst ? '' : ` (${count(fresh)} new, ${count(gone)} gone)`;
  console.say(`Read ${count(rows)} rows of ${file} into ${catalog}${changes}; their id is the column ${id}.`);
  if (lostColumns.length > 0)
    console.say(
      `It has no column ${lostColumns.join(' and no column ')} any more: remove it from the configuration, or restore it.`,
    );
  for (const { wrong, count: times, lines } of leftOut) {
    const more = times > NAMED ? ', …' : '';
    const cure = wrong.endsWith(REPEATED) ? '; choose another id column with --column id=NAME' : '';
    console.say(
      `Left out: ${count(times)} with ${wrong} (line ${lines.slice(0, NAMED).join(', ')}${more})${cure}`,
    );
  }
}

/** Returns the same for --json. */
export const importAnswer = (
  { rows, fresh, gone, lostColumns, leftOut }: Imported,
  catalog: string,
): object => ({
  ...{ catalog, rows, new: fresh, gone, lost_columns: lostColumns },
  left_out: leftOut.map(({ wrong, count: times, lines }) => ({ reason: wrong, rows: times, lines })),
});
