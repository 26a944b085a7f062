/** Letters and digits in a row that count as a piece of the key; pieces shown by a provider are hidden too. */
const PIECE = 8;
/** Most other characters between two letters of the key: a line break, quotes, a dot. */
const MOST_BETWEEN = 8;
const LETTER = /[\p{L}\p{N}]/u;

interface Letters {
  text: string;
  /** Index of each letter in the original text. */
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

/** Any key of this form is hidden; providers echo keys in part, as in `sk-or-v1-…1234`. */
const COMMON_FORM = /\bsk-[\w*.…-]{4,}/g;

/** Returns the text with `***` for each piece of the key, even with other characters between its letters. */
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
  /** Start and end (exclusive) in the text. */
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
