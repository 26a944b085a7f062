/**
 * File names that every disk and sampler takes: FAT32, exFAT, NTFS, macOS and Linux. Titles are somebody else's words, so
 * nothing in them may lead out of a folder, hide a file or turn the direction of a line.
 */

/** Bytes of UTF-8; disks take 255, samplers show less. */
export const NAME_BYTES = 120;

const FORBIDDEN = /[<>:"/\\|?*]/g;
/** Control and format characters (bidi among them), private ones, and what stands for nothing. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\ufffd]/gu;
/** Windows' devices, with or without an extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/i;
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D' },
  ...{ ð: 'd', Ð: 'D', þ: 'th', Þ: 'Th', ı: 'i', '♯': '#', '♭': 'b', '’': "'", '‘': "'", '–': '-', '—': '-' },
};

/** The text as a part of a name; it may come out empty. `ascii`: only letters that every sampler shows. */
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

/** The name, changed where a device of Windows has it. */
export const notADevice = (name: string): string => name.replace(DEVICE, '$&_');

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** As many whole characters as fit into so many bytes of UTF-8, without a blank or a dot at the end. */
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

/** `.wav` of a file's name, in small letters; empty where it has none that a disk could do without. */
export const extensionOf = (fileName: string): string =>
  /[^.](\.[a-z0-9]{1,5})$/i.exec(fileName)?.[1]?.toLowerCase() ?? '';

export const withoutExtension = (fileName: string): string =>
  fileName.slice(0, fileName.length - extensionOf(fileName).length);

/** Equal for names that some disk takes for one. */
export const sameOnDisk = (name: string): string =>
  name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
