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
  rows: readonly (readonly string[])[],
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

/** A column is no narrower than this, its two blanks included, however narrow the terminal. */
const NARROWEST = 8;
/** Where there is no terminal no text that may be cut is longer: one of thousands of signs would pad each line to its length. */
const LONGEST = 240;

export interface ListOptions {
  /** Width of the terminal; left out: as wide as it takes. */
  columns?: number | undefined;
  /** The column that gives way where the whole is too wide, and how. Default: the first, cut. */
  flexible?: { column: number; how: 'wrap' | 'cut' | 'cut-begin' };
  aligns?: readonly ('left' | 'right')[];
  /** A last row under a rule of its own. */
  footer?: readonly string[];
}

/** A list of things, as wide as its texts, or as the terminal where that is narrower. */
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

/** What gives way in a text that the library does not cut. */
const ENDS = { cut: 'cut-end', 'cut-begin': 'cut-begin' } as const;

/** What is done to a text before the library draws it in a column of that width, without its blanks. */
const FITS: Record<'wrap' | 'cut' | 'cut-begin' | 'cut-end', (text: string, width: number) => string> = {
  // It wraps between words and cuts a word that is wider than its column: such a word is broken up here.
  wrap: (text, width) => text.replace(new RegExp(`\\S{${width}}(?=\\S)`, 'gu'), '$& '),
  cut: (text) => text,
  'cut-end': (text, width) => (text.length <= width ? text : `${text.slice(0, width - 1)}…`),
  'cut-begin': (text, width) => (text.length <= width ? text : `…${text.slice(1 - width)}`),
};

/** The bottom's rule again above the last row. */
function ruled(table: string): string {
  const lines = table.split('\n');
  const rule = (lines.at(-1) ?? '').replace('└', '├').replaceAll('┴', '┼').replace('┘', '┤');
  return [...lines.slice(0, -2), rule, ...lines.slice(-2)].join('\n');
}
