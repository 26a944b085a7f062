import type { Note } from '../readings/field.js';
import type { SampleRow } from '../sources/types.js';
import type { TextForm } from './collection.js';
import type { SourceText } from './source-text.js';
import { noteBrokenBytes, storable } from './storable.js';
import { isMissing, printed } from './template-filters.js';
import {
  type FieldUse,
  type Placeholder,
  parseLines,
  TemplateError,
  type TemplateLine,
} from './template-parse.js';

export { type FieldUse, TemplateError } from './template-parse.js';

export interface Template extends TextForm {
  /** Every use of a field with its position, in the order of the template. */
  uses: readonly FieldUse[];
  /** The fields that the text reads as lists. */
  lists: readonly string[];
}

/**
 * Parses lines of text with fields: `Title: {name}`, `BPM: {bpm | round}`. A line whose fields are all missing is left
 * out; a line without fields is always kept. `id`: the id's column, which is read from the row's id and is not among
 * `fields`. Throws a TemplateError.
 */
export function parseTemplate(template: string, id: string | null = null): Template {
  const lines = parseLines(template);
  const uses = lines.flatMap((pieces) =>
    pieces.flatMap((piece) =>
      typeof piece === 'string' ? [] : [{ field: piece.field, line: piece.line, column: piece.column }],
    ),
  );
  if (uses.length === 0)
    throw new TemplateError('names no field, so every text would be the same: name one, as in {title}', 1, 1);
  const names = [...new Set(uses.map(({ field }) => field))];
  const columnOf = (row: SampleRow, field: string): unknown => {
    if (field === id) return row.textId ?? row.id;
    return Object.hasOwn(row, field) ? row[field] : null;
  };

  const render = (row: SampleRow): SourceText => {
    const notes = new Set<string>();
    const note: Note = (text) => notes.add(text);
    for (const name of names) noteBrokenBytes(name, columnOf(row, name), note);
    const kept = lines.flatMap((pieces) => {
      const texts = pieces.map((piece) =>
        typeof piece === 'string' ? piece : fieldText(piece, columnOf(row, piece.field), note),
      );
      const fields = texts.filter((_, index) => typeof pieces[index] !== 'string');
      return fields.length > 0 && fields.every((text) => text === null) ? [] : [texts.join('')];
    });
    const text = storable(kept.join('\n').replace(/\n+$/, ''), note);
    // A blank text counts as empty.
    return { text: text.trim() === '' ? '' : text, notes: [...notes] };
  };
  return {
    fields: names.filter((name) => name !== id),
    lists: listsOf(lines),
    source: template,
    uses,
    render,
  };
}

/** Returns the fields that are read as lists: those that `join` is applied to, and not to a part of them. */
const listsOf = (lines: readonly TemplateLine[]): string[] => [
  ...new Set(
    lines.flatMap((pieces) =>
      pieces.flatMap((piece) =>
        typeof piece !== 'string' && piece.filters.find(({ onMissing }) => !onMissing)?.name === 'join'
          ? [piece.field]
          : [],
      ),
    ),
  ),
];

function fieldText({ field, filters }: Placeholder, raw: unknown, note: Note): string | null {
  let value = present(raw);
  for (const { apply, onMissing } of filters)
    if (value !== null || onMissing) value = present(apply(field, value, note));
  return value === null ? null : (present(printed(field, value, note)) as string | null);
}

/** Returns bytes as text, and a missing value as null. */
function present(value: unknown): unknown {
  const plain = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;
  return isMissing(plain) ? null : plain;
}
