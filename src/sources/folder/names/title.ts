import type { Name } from './tokens.js';

/** Returns the name without the tokens of the given readings, with spaces between its words. */
export function titleOf({ text, tokens }: Name, taken: readonly { from: number; to: number }[]): string {
  const rest = cut(
    text,
    taken.map(({ from, to }) => [tokens[from]?.start ?? 0, tokens[to]?.end ?? 0] as const),
  );
  return readable(rest) || readable(text) || text;
}

function cut(text: string, spans: readonly (readonly [number, number])[]): string {
  let rest = '';
  let end = 0;
  for (const [start, stop] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (start < end) continue;
    rest += `${text.slice(end, start)} `;
    end = stop;
  }
  return rest + text.slice(end);
}

/** Hyphens between two words, not in dates. Three or more stand for spaces; one may belong to a word: "Lo-Fi". */
const JOINING = /(?<=[\p{L}\p{N}])-(?=\p{L})|(?<=\p{L})-(?=\p{N})/gu;

function readable(text: string): string {
  const joined = (text.match(JOINING)?.length ?? 0) >= 3;
  return (joined ? text.replace(JOINING, ' ') : text)
    .replace(/[_\t\r\n]+/g, ' ')
    .replace(/(?<=\p{Ll}{2})(?=\p{Lu}\p{Ll})/gu, ' ')
    .replace(/[([{][\s,;@:-]*[)\]}]/g, ' ')
    .replace(/(?<=[([{])[\s,]+|[\s,]+(?=[)\]}])/g, '')
    .replace(/ +/g, ' ')
    .replace(/(?: [-–,.@])+(?= |$)/g, (dashes) => (dashes.length > 2 ? ' -' : dashes))
    .replace(/(?: [.,])+(?= |$)/g, '')
    .replace(/^[\s\-–,.@]+|[\s\-–,@]+$/g, '');
}
