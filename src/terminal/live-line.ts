import { duration } from './format.js';

const SPINNER = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const FRAME_MS = 80;
const WIDEST_BAR = 40;
const NARROWEST_BAR = 8;

export interface LiveLine {
  /** Text to the left of the bar. */
  words: string;
  done: number;
  total: number;
  /** Null: not known yet. */
  etaMs: number | null;
  /** False: the run waits for a person, or is over. */
  moving: boolean;
}

/** Returns a bar of `cells` characters: `━━━╸────`. */
function bar(share: number, cells: number): string {
  const halves = Math.floor(Math.min(1, share) * cells * 2);
  const full = '━'.repeat(halves >> 1) + (halves % 2 === 1 ? '╸' : '');
  return full.padEnd(cells, '─');
}

/**
 * Returns the line, fitted into `columns`. The bar is shortened first, down to eight cells, then left out; then the
 * words are cut. `nowMs` selects the spinner's frame.
 */
export function liveLine(
  { words, done, total, etaMs, moving }: LiveLine,
  columns: number,
  nowMs: number,
): string {
  const share = total === 0 ? 0 : done / total;
  const spinner = moving ? SPINNER[Math.floor(nowMs / FRAME_MS) % SPINNER.length] : ' ';
  const eta = !moving ? '' : ` ${etaMs === null ? '-:--:--' : duration(etaMs)}`;
  const left = `${spinner} ${words} `;
  const right = ` ${`${Math.floor(share * 100)}%`.padStart(4)}${eta}`;
  // The last column stays free: some terminals wrap as soon as it is written.
  const cells = Math.min(WIDEST_BAR, columns - 1 - left.length - right.length);
  return cells >= NARROWEST_BAR ? left + bar(share, cells) + right : left.trimEnd().slice(0, columns - 1);
}
