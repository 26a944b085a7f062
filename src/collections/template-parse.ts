import { nearestName } from './nearest-name.js';
import { type Argument, FILTERS, type Filter } from './template-filters.js';

/** An error in a template, with its position: line and column count from 1. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  constructor(
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
  }
}

/** A field's position in a template; line and column count from 1. */
export interface FieldUse {
  field: string;
  line: number;
  column: number;
}

export interface Placeholder extends FieldUse {
  filters: readonly { name: string; apply: Filter; onMissing: boolean }[];
}

/** A line: literal text and fields. */
export type TemplateLine = readonly (string | Placeholder)[];

/** Parses a template into its lines. Throws a TemplateError. */
export function parseLines(template: string): TemplateLine[] {
  const lines = template.replace(/(?:\r?\n)+$/, '').split(/\r?\n/);
  return lines.map((text, index) => new LineParser(text, index + 1).parse());
}

const BLANKS = /[ \t]*/y;
const LITERAL = /[^{}]+/y;
const QUOTED = /"(?:[^"\\]|\\.)*"/y;
const BARE_FIELD = /[^{}|"]+/y;
const FILTER_NAME = /[a-z_]\w*/iy;
const NUMBER = /-?\d+(?:\.\d+)?/y;

class LineParser {
  private at = 0;
  constructor(
    private readonly text: string,
    private readonly line: number,
  ) {}

  parse(): TemplateLine {
    const pieces: (string | Placeholder)[] = [];
    while (this.at < this.text.length) {
      const literal = this.take(LITERAL);
      if (literal !== null) pieces.push(literal);
      else if (this.takeText('{{')) pieces.push('{');
      else if (this.takeText('}}')) pieces.push('}');
      else if (this.text[this.at] === '{') pieces.push(this.placeholder());
      else throw this.error('"}" closes nothing: write }} for the character');
    }
    return pieces;
  }

  private placeholder(): Placeholder {
    const start = this.at;
    this.at++;
    this.take(BLANKS);
    const from = this.at;
    const field = this.takeString() ?? this.take(BARE_FIELD)?.trim() ?? '';
    if (field === '')
      throw this.error(
        '"{" is followed by no field: name one, as in {title}, or write {{ for the character',
        start,
      );
    const filters = [];
    for (;;) {
      this.take(BLANKS);
      if (this.takeText('}')) return { field, filters, line: this.line, column: from + 1 };
      if (!this.takeText('|'))
        throw this.at === this.text.length
          ? this.error(
              '"{" is never closed: close it with "}" on the same line, or write {{ for the character',
              start,
            )
          : this.error(
              `${JSON.stringify(this.text[this.at])} is not allowed here: write "|" and a filter, or "}", after the field`,
            );
      filters.push(this.filter());
    }
  }

  private filter(): Placeholder['filters'][number] {
    this.take(BLANKS);
    const start = this.at;
    const name = this.take(FILTER_NAME);
    if (name === null)
      throw this.error(`"|" is followed by no filter: write one of ${[...FILTERS.keys()].join(', ')}`);
    const kind = FILTERS.get(name);
    if (kind === undefined) {
      const near = nearestName(name, [...FILTERS.keys()]);
      throw this.error(
        `${name} is no filter: ${near === null ? `write one of ${[...FILTERS.keys()].join(', ')}` : `did you mean ${near}?`}`,
        start,
      );
    }
    const apply = kind.make(...this.arguments());
    if (apply === null) throw this.error(`${name} cannot be used like this: write ${kind.form}`, start);
    return { name, apply, onMissing: kind.onMissing === true };
  }

  private arguments(): Argument[] {
    this.take(BLANKS);
    const start = this.at;
    const given: Argument[] = [];
    if (!this.takeText('(')) return given;
    for (;;) {
      this.take(BLANKS);
      if (given.length === 0 && this.takeText(')')) return given;
      const text = this.takeString();
      const number = text === null ? this.take(NUMBER) : null;
      if (text === null && number === null)
        throw this.at === this.text.length
          ? this.error('"(" is never closed: close it with ")"', start)
          : this.error('neither a number nor text: write text in double quotes, as in join(", ")');
      given.push(text ?? Number(number));
      this.take(BLANKS);
      if (this.takeText(')')) return given;
      if (!this.takeText(',')) throw this.error('"," or ")" is missing here: put it there');
    }
  }

  private takeString(): string | null {
    const start = this.at;
    const quoted = this.take(QUOTED);
    if (quoted === null) {
      if (this.text[this.at] === '"')
        throw this.error('a quote is never closed: close it with " on the same line');
      return null;
    }
    try {
      return JSON.parse(quoted) as string;
    } catch {
      throw this.error(
        'text in quotes is written as in JSON: write \\" for a quote, \\\\ for a backslash',
        start,
      );
    }
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }

  private takeText(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private error(message: string, at = this.at): TemplateError {
    return new TemplateError(message, this.line, at + 1);
  }
}
