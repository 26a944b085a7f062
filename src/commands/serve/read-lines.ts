const NEWLINE = 0x0a;

/**
 * Yields each line without its end, and null for a line of more than `longest` bytes, of which no more than these are
 * kept in memory. The last line needs no end.
 */
export async function* readLines(
  input: AsyncIterable<Buffer>,
  longest: number,
): AsyncGenerator<string | null, void> {
  let parts: Buffer[] = [];
  /** Of the line so far; more than `longest`: the rest of the line is skipped. */
  let bytes = 0;
  /** Returns whether the line has become too long just now. */
  const add = (part: Buffer): boolean => {
    const fitted = bytes <= longest;
    bytes += part.length;
    if (bytes <= longest) parts.push(part);
    else parts = [];
    return fitted && bytes > longest;
  };
  for await (const chunk of input) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
      if (add(chunk.subarray(from, to))) yield null;
      if (bytes <= longest) yield Buffer.concat(parts).toString();
      [parts, bytes, from] = [[], 0, to + 1];
    }
    if (add(chunk.subarray(from))) yield null;
  }
  if (bytes > 0 && bytes <= longest) yield Buffer.concat(parts).toString();
}
