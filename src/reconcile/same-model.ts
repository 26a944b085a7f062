/** Removes `:free` and the like, which choose a price, not another model. */
const base = (name: string): string => (name.split(':')[0] ?? name).toLowerCase();

/** A permanent name is the model's own name, with or without a date: `openai/gpt-4.1-2025-04-14`. */
const DATED = /^-\d{4}-?\d{2}-?\d{2}$/;

/** Returns the ledger's model of an activity row, by the provider's names for it; null: none of them. */
export function modelOf(names: readonly string[], models: readonly string[]): string | null {
  const exact = models.find((model) => names.includes(model));
  if (exact !== undefined) return exact;
  const asked = names.map(base);
  const same = (model: string): boolean =>
    asked.some((name) => name === model || (name.startsWith(model) && DATED.test(name.slice(model.length))));
  return models.find((model) => same(base(model))) ?? null;
}
