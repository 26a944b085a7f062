/**
 * Names of files in a header.
 *
 * The threat: a name comes from a disk or a catalog. It could end the header and begin another, point out of the folder
 * in which it is saved, or look like another type of file by characters that change the writing direction.
 */
import { cutToBytes, extensionOf, NAME_BYTES, notADevice, safePart, withoutExtension } from './safe-name.js';

/** Returns the last part of a path as a name valid on every disk, with its extension in lower case. */
export function safeFileName(path: string): string {
  const last = safePart(path.split(/[/\\]/).at(-1) ?? '');
  if (last === '') return 'sample';
  const ending = extensionOf(last);
  const stem = withoutExtension(last).trimEnd();
  return notADevice(cutToBytes(stem, NAME_BYTES - ending.length) + ending);
}

/** Returns `Content-Disposition` (RFC 6266): the name in ASCII for old programs, and unchanged. */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const safe = safeFileName(name);
  const ascii = safe.replace(/[^\x20-\x7e]|%/g, '_');
  const encoded = encodeURIComponent(safe).replace(
    /['()*!]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"${ascii === safe ? '' : `; filename*=UTF-8''${encoded}`}`;
}
