/** One condition in the form of the API's `where`. */
export type Condition =
  | { field: string; kind: 'value'; value: string }
  | { field: string; kind: 'range'; from: number | null; to: number | null };

export const valueCondition = (field: string, value: string): string => `${field}="${value}"`;
export const rangeCondition = (field: string, from: number, to: number): string => `${field}=${from}..${to}`;

const RANGE = /^([+-]?[\d.]+)?\.\.([+-]?[\d.]+)?$/;

export function readCondition(text: string): Condition {
  const [, field = '', rest = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const range = RANGE.exec(rest);
  if (range !== null)
    return {
      field,
      kind: 'range',
      from: range[1] ? Number(range[1]) : null,
      to: range[2] ? Number(range[2]) : null,
    };
  return { field, kind: 'value', value: /^"(.*)"$/s.exec(rest)?.[1] ?? rest };
}

export const fieldOf = (text: string): string => readCondition(text).field;
