/** Bytes that are no UTF-8. */
export interface BadBytes {
  /** How many characters were replaced for them. */
  count: number;
  /** Line numbers of the first few. */
  lines: number[];
}

const NAMED_LINES = 10;

/** Reads bytes as UTF-8, one piece after the other, and counts what is valid and what is not. */
export class Utf8Check {
  readonly bad: BadBytes = { count: 0, lines: [] };
  /** Number of valid characters of more than one byte. */
  valid = 0;
  private line = 1;
  private wasReturn = false;
  /** Bytes that the present character still needs, and the range of its next one. */
  private needed = 0;
  private lowest = 0x80;
  private highest = 0xbf;

  read(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.needed > 0) {
        if (byte >= this.lowest && byte <= this.highest) {
          this.lowest = 0x80;
          this.highest = 0xbf;
          this.needed -= 1;
          if (this.needed === 0) this.valid += 1;
          continue;
        }
        this.refuse();
      }
      this.begin(byte);
    }
  }

  end(): void {
    if (this.needed > 0) this.refuse();
  }

  /** The ranges rule out overlong forms, surrogates and what is beyond U+10FFFF, as TextDecoder does. */
  private begin(byte: number): void {
    if (byte < 0x80) {
      if (byte === 0x0d || (byte === 0x0a && !this.wasReturn)) this.line += 1;
      this.wasReturn = byte === 0x0d;
      return;
    }
    this.wasReturn = false;
    if (byte >= 0xc2 && byte <= 0xdf) this.needed = 1;
    else if (byte >= 0xe0 && byte <= 0xef) {
      this.needed = 2;
      if (byte === 0xe0) this.lowest = 0xa0;
      if (byte === 0xed) this.highest = 0x9f;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      this.needed = 3;
      if (byte === 0xf0) this.lowest = 0x90;
      if (byte === 0xf4) this.highest = 0x8f;
    } else this.refuse();
  }

  private refuse(): void {
    this.needed = 0;
    this.lowest = 0x80;
    this.highest = 0xbf;
    this.bad.count += 1;
    const { lines } = this.bad;
    if (lines.length < NAMED_LINES && lines.at(-1) !== this.line) lines.push(this.line);
  }
}
