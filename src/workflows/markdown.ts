/** Formats text and numbers for the Web UI's Markdown. Pure functions. */

const LONGEST = 300;

/**
 * Returns text from outside as a code span, in which no Markdown applies: no emphasis, no HTML, no link, not even for a
 * bare https:// (which escaping would not prevent). The fence is longer than any run of backticks in the text.
 */
export function quoted(text: string): string {
  const line = [...text.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim()];
  const short = line.length > LONGEST ? `${line.slice(0, LONGEST - 1).join('')}…` : line.join('');
  if (short === '') return '–';
  const longest = Math.max(0, ...(short.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${short} ${fence}`;
}

/** Control, format and direction characters, and lone surrogates. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/gu;

const WIDTH = 20;

/** Returns a progress bar of text. An incomplete part never looks full, and a part above 0 never looks empty. */
export function bar(part: number, whole: number): string {
  const exact = whole === 0 ? 0 : (part / whole) * WIDTH;
  const full = part >= whole ? WIDTH : Math.min(WIDTH - 1, Math.max(part > 0 ? 1 : 0, Math.floor(exact)));
  const filled = whole === 0 ? 0 : full;
  return `\`${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}\``;
}

/** Returns 0 to 100 with one decimal, rounded down: an incomplete part is never 100. */
export const percentOf = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.floor(Math.min(1, part / whole) * 1000) / 10;

/** `2,437`. */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** Formats nanodollars as dollars with four decimals, or with more where four would show zero. */
export function usd(nanos: number): string {
  const dollars = nanos / 1e9;
  let places = 4;
  while (nanos > 0 && places < 9 && Number(dollars.toFixed(places)) === 0) places += 1;
  return `$${dollars.toFixed(places)}`;
}

/** Formats the same as a code span: Markdown would read the text between two bare dollar signs as mathematics. */
export const money = (nanos: number): string => `\`${usd(nanos)}\``;

/** Formats the cost; an unknown cost is never shown as zero. `unpriced`: answered requests missing in `costNanos`. */
export function spent({ costNanos, unpriced = 0 }: { costNanos: number; unpriced?: number }): string {
  if (unpriced === 0) return money(costNanos);
  return costNanos === 0 ? 'unknown' : `${money(costNanos)} plus an unknown cost`;
}

/** `45 s`, `4 min 10 s`, `2 h 5 min`. */
export function span(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `13:45:10 UTC`; with the date if it differs from that of `now`. */
export function clock(at: number, now: number): string {
  const iso = new Date(at).toISOString();
  const day = iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10) ? '' : `${iso.slice(0, 10)} `;
  return `${day}${iso.slice(11, 19)} UTC`;
}
