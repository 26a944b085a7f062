import { hideKey } from './hide-key.js';

/** What others write into our sentences is cut here, characters. */
const MAX_DETAIL = 300;
/** More than is shown: what may be hidden or squeezed out of it. Keeps a megabyte of error from being searched. */
const MAX_READ = 20_000;

/** Foreign text made fit for one line of a log or a terminal: no control or direction characters, no key, 300 characters. */
export function oneLine(text: string, secret: string | null): string {
  const plain = text
    .slice(0, MAX_READ)
    // Before the key is looked for: characters without width would hide it.
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ');
  return hideKey(plain, secret).trim().slice(0, MAX_DETAIL).toWellFormed();
}
