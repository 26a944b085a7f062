/** `:free` and the like choose a price, not another model's usage. */
const base = (name: string): string => (name.split(':')[0] ?? name).toLowerCase();

/** A permanent name is the model's own, or that with a date: `openai/gpt-4.1-2025-04-14`. */
const DATED = /^-\d{4}-?\d{2}-?\d{2}$/;

/** Which of the ledger's models an activity row is about, by the names the provider gives it; null: none of them. */
export function modelOf(names: readonly string[], models: readonly string[]): string | null {
  const exact = models.find((model) => names.includes(model));
  if (exact !== undefined) return exact;
  const asked = names.map(base);
  const same = (model: string): boolean =>
    asked.some((name) => name === model || (name.startsWith(model) && DATED.test(name.slice(model.length))));
  return models.find((model) => same(base(model))) ?? null;
}
