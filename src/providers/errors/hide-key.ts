/** Consecutive letters and digits of the key that give it away; also what a provider shows of it is hidden. */
const PIECE = 8;
/** Other characters that may stand between two letters of the key: a line break, quotes, a dot. */
const MOST_BETWEEN = 8;
const LETTER = /[\p{L}\p{N}]/u;

interface Letters {
  text: string;
  /** Where each letter stands in the original. */
  at: number[];
}

function lettersOf(text: string): Letters {
  const letters: Letters = { text: '', at: [] };
  for (let at = 0; at < text.length; at++) {
    const unit = text[at] as string;
    if (!LETTER.test(unit)) continue;
    letters.text += unit;
    letters.at.push(at);
  }
  return letters;
}

/** Keys of this form are hidden whosever they are; providers echo them in part, as in `sk-or-v1-…1234`. */
const COMMON_FORM = /\bsk-[\w*.…-]{4,}/g;

/** The text with `***` for each piece of the key in it, also where other characters were put between its letters. */
export function hideKey(text: string, key: string | null): string {
  const whole = (key === null || key === '' ? text : text.replaceAll(key, '***')).replace(
    COMMON_FORM,
    'sk-***',
  );
  const secret = lettersOf(key ?? '').text;
  if (secret.length < PIECE) return whole;
  const pieces = new Set<string>();
  for (let at = 0; at + PIECE <= secret.length; at++) pieces.add(secret.slice(at, at + PIECE));

  const letters = lettersOf(whole);
  /** From and up to, in the text. */
  const found: [number, number][] = [];
  for (let at = 0; at + PIECE <= letters.text.length; at++) {
    if (!pieces.has(letters.text.slice(at, at + PIECE))) continue;
    const places = letters.at.slice(at, at + PIECE);
    if (places.some((place, n) => n > 0 && place - (places[n - 1] as number) > MOST_BETWEEN + 1)) continue;
    const from = places[0] as number;
    const to = (places[PIECE - 1] as number) + 1;
    const last = found.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = to;
    else found.push([from, to]);
  }
  return found.reduceRight((said, [from, to]) => `${said.slice(0, from)}***${said.slice(to)}`, whole);
}
