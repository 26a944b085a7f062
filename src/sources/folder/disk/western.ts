/**
 * Windows-1252, the code page of most old programs. It differs from Latin-1 in the bytes 0x80 to 0x9f. (TextDecoder
 * cannot be used: some versions of Node decode these bytes as Latin-1.)
 */
const DIFFERENT = '€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ';

export const decodeWestern = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replace(/[\u{80}-\u{9f}]/gu, (sign) => DIFFERENT[sign.charCodeAt(0) - 0x80] ?? sign);
