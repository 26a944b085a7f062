/**
 * Windows-1252, the code page of most old programs. Where it differs from Latin-1: bytes 0x80 to 0x9f. (Some versions of
 * Node decode those as Latin-1: their TextDecoder does not serve.)
 */
const DIFFERENT = '€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ';

export const decodeWestern = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replace(/[\u{80}-\u{9f}]/gu, (sign) => DIFFERENT[sign.charCodeAt(0) - 0x80] ?? sign);
