/**
 * A text after a prefix, broken between words into lines of `columns` at most, the further ones indented to where the
 * text began. Words that are longer than a line stay whole; no columns, or a prefix that leaves no room: one line.
 */
export function hanging(prefix: string, text: string, columns: number | undefined): string {
  const width = (columns ?? 0) - 1 - prefix.length;
  if (width < 20) return prefix + text;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return prefix + [...lines, line].join(`\n${' '.repeat(prefix.length)}`);
}
