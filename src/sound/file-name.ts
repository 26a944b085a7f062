/**
 * Names of files for a header and for somebody's disk.
 *
 * The threat: a name comes from a disk or a catalog. It could end the header and begin another, point out of the folder
 * that it is saved in, or look like another kind of file with signs that turn the direction of writing.
 */

/** Controls, and signs that change the direction of what stands around them. */
const HARMFUL = /[\p{Cc}\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{feff}]/gu;
/** Not allowed in names on one system or another. */
const RESERVED = /[<>:"|?*]/g;
const MOST_BYTES = 200;

/** One name that every system takes, of at most 200 bytes, its ending kept. */
export function safeFileName(name: string): string {
  const last = name.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .normalize('NFC')
    .replace(HARMFUL, '')
    .replace(RESERVED, '_')
    .replace(/^[.\s]+|[.\s]+$/gu, '');
  if (plain === '') return 'sample';
  const ending = /\.\w{1,5}$/.exec(plain)?.[0] ?? '';
  let stem = [...plain.slice(0, plain.length - ending.length)];
  while (Buffer.byteLength(stem.join('') + ending) > MOST_BYTES) stem = stem.slice(0, -1);
  return stem.join('') + ending;
}

/** `Content-Disposition` (RFC 6266): the name in ASCII for old programs, and as it is. */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const safe = safeFileName(name);
  const ascii = safe.replace(/[^\x20-\x7e]|%/g, '_');
  const encoded = encodeURIComponent(safe).replace(
    /['()*!]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"${ascii === safe ? '' : `; filename*=UTF-8''${encoded}`}`;
}
