import type { Note } from '../readings/field.js';

/** Notes a column with bytes that are not UTF-8. Drivers replace them by U+FFFD, which has no other use in a text. */
export function noteBrokenBytes(name: string, value: unknown, note: Note): void {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;
  if (typeof text === 'string' && text.includes('\ufffd')) note(`${name}: bytes that are no UTF-8 replaced`);
}

/** Returns a text that libSQL gives back unchanged: it ends a text at NUL, and UTF-8 has no lone surrogates. */
export function storable(text: string, note: Note): string {
  const whole = text.replaceAll('\0', '');
  if (whole.length < text.length) note('text: NUL characters removed');
  if (whole.isWellFormed()) return whole;
  note('text: broken characters replaced');
  return whole.toWellFormed();
}
