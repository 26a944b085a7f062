import type { Row } from '@libsql/client';
import type { Generation, NumberForm, Recipe } from '../../types.js';

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const number = (value: unknown): number | null => (value === null ? null : Number(value));
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Converts a row of `embedding_generations`. `damage` names columns whose JSON another program has made unreadable. */
export function generationOf(row: Row): Generation {
  const unreadable: string[] = [];
  /** Returns null if the column is NULL or fails the check `is`. */
  const parsed = <T>(
    column: 'words' | 'template' | 'declared',
    is: (value: unknown) => boolean,
  ): T | null => {
    const json = text(row[column]);
    if (json === null) return null;
    try {
      const value: unknown = JSON.parse(json);
      if (is(value)) return value as T;
    } catch {
      // Reported below.
    }
    unreadable.push(column);
    return null;
  };
  const hasWords = (value: unknown): boolean =>
    isObject(value) && isObject(value.document) && isObject(value.query);
  const model = text(row.model);
  const bought = number(row.bought_dimensions);
  const words = parsed<Pick<Recipe, 'document' | 'query'>>('words', hasWords);
  const template = parsed<string>('template', (value) => value === null || typeof value === 'string');
  const declared = parsed<Recipe>(
    'declared',
    (value) => hasWords(value) && isObject(value) && 'model' in value,
  );
  const damage =
    unreadable.length === 0 ? null : `has no readable ${unreadable.join(', ')} in embedding_generations`;
  const isKnown = model !== null && words !== null && bought !== null && damage === null;
  return {
    number: Number(row.generation),
    state: String(row.state) as Generation['state'],
    recipe: isKnown ? { model, dimensions: bought, ...words, template } : null,
    damage,
    model,
    dimensions: number(row.dimensions),
    form: String(row.number_form) as NumberForm,
    source: number(row.source_generation),
    isEmpty: String(row.state) === 'active' && Number(row.active_has_rows) === 0,
    declared,
    createdAt: String(row.created_at),
    activatedAt: text(row.activated_at),
  };
}
