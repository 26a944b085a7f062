import { hideKey } from './hide-key.js';

/** Longest foreign text in our messages, characters. */
const MAX_DETAIL = 300;
/** More than is shown, as hidden and collapsed characters shorten it. Prevents a search of a megabyte of error text. */
const MAX_READ = 20_000;

/** Makes foreign text fit one line of a log or terminal: no control or direction characters, no key, 300 characters. */
export function oneLine(text: string, secret: string | null): string {
  const plain = text
    .slice(0, MAX_READ)
    // Before the search for the key, which zero-width characters would hide.
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ');
  return hideKey(plain, secret).trim().slice(0, MAX_DETAIL).toWellFormed();
}
