/**
 * File names that are valid on every disk and sampler: FAT32, exFAT, NTFS, macOS and Linux. Titles come from others, so
 * nothing in them may lead out of a folder, hide a file or change the writing direction.
 */

/** Bytes of UTF-8, at most. Disks accept 255, samplers display fewer. */
export const NAME_BYTES = 120;

const FORBIDDEN = /[<>:"/\\|?*]/g;
/** Control and format characters (bidi included), private-use and unassigned ones, and U+FFFD. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\ufffd]/gu;
/** Windows device names, with or without an extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/i;
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D' },
  ...{ ð: 'd', Ð: 'D', þ: 'th', Þ: 'Th', ı: 'i', '♯': '#', '♭': 'b', '’': "'", '‘': "'", '–': '-', '—': '-' },
};

/** Returns the text as a valid part of a name; may be empty. `ascii`: only characters that every sampler displays. */
export function safePart(text: string, { ascii = false } = {}): string {
  const whole = text.toWellFormed().normalize('NFC');
  return (ascii ? asciiOf(whole) : whole)
    .replace(FORBIDDEN, ' ')
    .replace(INVISIBLE, (character) => (/\s/.test(character) ? ' ' : ''))
    .replace(/(?<!\S)\.+(?!\S)/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '');
}

const asciiOf = (text: string): string =>
  text
    .replace(/[^\0-\x7f]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFKD')
    .replace(/[^\0-\x7f]/g, '');

/** Returns the name, changed if Windows reserves it for a device. */
export const notADevice = (name: string): string => name.replace(DEVICE, '$&_');

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Returns as many whole characters as fit into `bytes` bytes of UTF-8, without a space or dot at the end. */
export function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    used += Buffer.byteLength(segment);
    if (used > bytes) break;
    kept += segment;
  }
  return kept.replace(/[\s.]+$/, '');
}

/** Returns a file name's extension, such as `.wav`, in lower case; empty if it has none. */
export const extensionOf = (fileName: string): string =>
  /[^.](\.[a-z0-9]{1,5})$/i.exec(fileName)?.[1]?.toLowerCase() ?? '';

export const withoutExtension = (fileName: string): string =>
  fileName.slice(0, fileName.length - extensionOf(fileName).length);

/** Returns a key that is equal for names which some disk does not distinguish. */
export const sameOnDisk = (name: string): string =>
  name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
