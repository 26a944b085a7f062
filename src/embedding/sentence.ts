/** What others write into our sentences is cut here, characters. */
const MAX_DETAIL = 300;

/** Foreign text made fit for one line of a log or a terminal: no control or direction characters, no key, 300 characters. */
export function oneLine(text: string, secret: string | null): string {
  const open = secret === null || secret === '' ? text : text.replaceAll(secret, '***');
  return (
    open
      // Providers echo keys in part, as in `sk-or-v1-…1234`.
      .replace(/\bsk-[\w*.…-]{4,}/g, 'sk-***')
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim()
      .slice(0, MAX_DETAIL)
      .toWellFormed()
  );
}
