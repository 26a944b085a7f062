import { parseTemplate, TemplateError } from '../../../collections/template.js';
import type { Matched, Role } from '../../../imports/match-columns.js';
import { fileText } from './file-text.js';

/**
 * Returns what columns that are named with `--column` change nothing in, as sentences with the cure: a declared
 * collection keeps its text, and its file column. `before`: the columns of the last import; `text`, `file`: as the
 * configuration has them.
 */
export function unusedColumns(
  named: Matched,
  before: Matched,
  { text, file, config }: { text: unknown; file: unknown; config: string },
): string[] {
  const fresh: Matched = Object.fromEntries(
    Object.entries(named).filter(([role, column]) => role !== 'id' && before[role as Role] !== column),
  );
  const own = fileText(Object.values(fresh), fresh);
  const present = String(text ?? '')
    .split('\n')
    .map((line) => ({ label: labelOf(line), fields: fieldsOf(line) }));
  const isUsed = (line: string): boolean =>
    present.some(
      ({ label, fields }) =>
        label === labelOf(line) && fieldsOf(line).every((field) => fields.includes(field)),
    );
  return [
    ...own.text
      .filter((line) => !isUsed(line))
      .map((line) => `The text stays as it is: for this column write "${line}" into it in ${config}.`),
    ...(own.file === null || own.file === file
      ? []
      : [
          `The column of the files' paths stays as it is: for this one write "file: ${own.file}" in ${config}.`,
        ]),
  ];
}

const labelOf = (line: string): string => (line.split(':')[0] ?? '').trim().toLowerCase();

function fieldsOf(line: string): readonly string[] {
  try {
    return parseTemplate(line, null).fields;
  } catch (error) {
    if (error instanceof TemplateError) return [];
    throw error;
  }
}
