/**
 * Returns a text after a prefix, wrapped between words at `columns`; further lines are indented to where the text
 * began. Words longer than a line stay whole. One line if `columns` is undefined, or if the prefix leaves no room.
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
