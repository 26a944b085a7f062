import Table from 'cli-table3';

/** A heavy head over light rows, as the old script drew it. */
const CHARS = {
  top: '━',
  'top-mid': '┳',
  'top-left': '┏',
  'top-right': '┓',
  bottom: '─',
  'bottom-mid': '┴',
  'bottom-left': '└',
  'bottom-right': '┘',
  left: '│',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '│',
  'right-mid': '',
  middle: '│',
};

/** The head's own borders: the library draws one kind of line, so the first three lines are redrawn. */
function heavyHead(drawn: string): string {
  const lines = drawn.split('\n');
  const [top = '', head = ''] = lines;
  const rule = top.replace('┏', '┡').replaceAll('┳', '╇').replace('┓', '┩');
  return [top, head.replaceAll('│', '┃'), rule, ...lines.slice(2)].join('\n');
}

const draw = (
  head: string[],
  rows: readonly string[][],
  options: Table.TableConstructorOptions = {},
): string => {
  const table = new Table({ head, chars: CHARS, style: { head: [], border: [] }, ...options });
  table.push(...rows.map((row) => [...row]));
  return heavyHead(table.toString());
};

/** Metric and value, under a centred title. */
export function summaryTable(title: string, rows: readonly [string, string][]): string {
  const table = draw(['Metric', 'Value'], rows);
  const width = table.indexOf('\n');
  return `${' '.repeat(Math.max(0, Math.floor((width - title.length) / 2)))}${title}\n${table}`;
}

export const listTable = (head: readonly string[], rows: readonly string[][]): string =>
  draw([...head], rows, { wordWrap: true });
