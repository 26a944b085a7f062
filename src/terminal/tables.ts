import Table from 'cli-table3';

/** A heavy header over light rows, as in the old script. */
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

/** Redraws the header's borders: the library draws only one kind of line, so the first three lines are replaced. */
function heavyHead(drawn: string): string {
  const lines = drawn.split('\n');
  const [top = '', head = ''] = lines;
  const rule = top.replace('┏', '┡').replaceAll('┳', '╇').replace('┓', '┩');
  return [top, head.replaceAll('│', '┃'), rule, ...lines.slice(2)].join('\n');
}

const draw = (
  head: string[],
  rows: readonly (readonly string[])[],
  options: Table.TableConstructorOptions = {},
): string => {
  const table = new Table({ head, chars: CHARS, style: { head: [], border: [] }, ...options });
  table.push(...rows.map((row) => [...row]));
  return heavyHead(table.toString());
};

/** Returns a table of metrics and values under a centred title. */
export function summaryTable(title: string, rows: readonly [string, string][]): string {
  const table = draw(['Metric', 'Value'], rows);
  const width = table.indexOf('\n');
  return `${' '.repeat(Math.max(0, Math.floor((width - title.length) / 2)))}${title}\n${table}`;
}

/** Minimum width of a column, its two spaces included, even on a narrow terminal. */
const NARROWEST = 8;
/** Without a terminal, a text that may be cut is at most this long: otherwise one long text would pad every line. */
const LONGEST = 240;

export interface ListOptions {
  /** The terminal's width; absent: no limit. */
  columns?: number | undefined;
  /** The column that is shortened if the table is too wide, and how. Default: the first, cut. */
  flexible?: { column: number; how: 'wrap' | 'cut' | 'cut-begin' };
  aligns?: readonly ('left' | 'right')[];
  /** A last row below a separator line. */
  footer?: readonly string[];
}

/** Returns a list as a table, as wide as its texts, or as the terminal if that is narrower. */
export function listTable(
  head: readonly string[],
  given: readonly (readonly string[])[],
  { columns, flexible = { column: 0, how: 'cut' }, aligns = [], footer }: ListOptions = {},
): string {
  const { column, how } = flexible;
  const shortened = (text: string, at: number): string =>
    at !== column ? FITS['cut-end'](text, LONGEST) : how === 'wrap' ? text : FITS[ENDS[how]](text, LONGEST);
  const rows = columns === undefined ? given.map((row) => row.map(shortened)) : given;
  const drawn = (width?: number): string => {
    const all = footer === undefined ? rows : [...rows, footer];
    const fitting = FITS[how];
    const fitted =
      width === undefined
        ? all
        : all.map((row) => row.map((text, index) => (index === column ? fitting(text, width - 2) : text)));
    const options = { colAligns: [...aligns], wordWrap: how === 'wrap' };
    const colWidths = head.map((_, index) => (index === column ? (width ?? null) : null));
    const table = draw([...head], fitted, { ...options, ...(width !== undefined && { colWidths }) });
    return footer === undefined ? table : ruled(table);
  };
  const natural = drawn();
  const [top = ''] = natural.split('\n');
  const excess = top.length - (columns ?? top.length);
  if (excess <= 0) return natural;
  const width = top.slice(1, -1).split('┳')[column]?.length ?? 0;
  return drawn(Math.max(Math.min(NARROWEST, width), width - excess));
}

/** How the text is cut in FITS, since the library does not cut it. */
const ENDS = { cut: 'cut-end', 'cut-begin': 'cut-begin' } as const;

/** Prepares a text for a column of that width, spaces excluded, before the library draws it. */
const FITS: Record<'wrap' | 'cut' | 'cut-begin' | 'cut-end', (text: string, width: number) => string> = {
  // The library wraps between words and would cut a word wider than its column, so such words are broken here.
  wrap: (text, width) => text.replace(new RegExp(`\\S{${width}}(?=\\S)`, 'gu'), '$& '),
  cut: (text) => text,
  'cut-end': (text, width) => (text.length <= width ? text : `${text.slice(0, width - 1)}…`),
  'cut-begin': (text, width) => (text.length <= width ? text : `…${text.slice(1 - width)}`),
};

/** Repeats the bottom border, as a separator, above the last row. */
function ruled(table: string): string {
  const lines = table.split('\n');
  const rule = (lines.at(-1) ?? '').replace('└', '├').replaceAll('┴', '┼').replace('┘', '┤');
  return [...lines.slice(0, -2), rule, ...lines.slice(-2)].join('\n');
}
