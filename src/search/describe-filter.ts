import type { Catalog, FieldFilter, SampleFilter } from '../sources/types.js';

/** Returns the filter as command-line options. */
export const describeFilter = (filter: SampleFilter): string => conditionsOf(filter).map(shown).join(' ');

/** One condition of a filter, as a filter of its own. */
type Condition = SampleFilter;

const conditionsOf = ({ where = [], ...named }: SampleFilter): Condition[] => [
  ...Object.entries(named).map(([name, value]) => ({ [name]: value })),
  ...where.map((each) => ({ where: [each] })),
];

function shown({ where, ...named }: Condition): string {
  const [only] = where ?? [];
  if (only !== undefined) return `--where ${only.field}=${shownValue(only)}`;
  return Object.entries(named)
    .map(([name, value]) => `--${name} ${typeof value === 'string' ? `"${value}"` : rangeOf(value as Range)}`)
    .join(' ');
}

type Range = { from: number; to: number };

const shownValue = (filter: FieldFilter): string => ('is' in filter ? `"${filter.is}"` : rangeOf(filter));

function rangeOf({ from, to }: Range): string {
  const end = (value: number): string => (Number.isFinite(value) ? String(value) : '');
  return `${end(from)}${Number.isFinite(from) && Number.isFinite(to) ? '-' : '..'}${end(to)}`;
}

/** Returns which condition of a filter excludes all samples, as a sentence with its cure. */
export async function whatEmptied(catalog: Pick<Catalog, 'findIds'>, filter: SampleFilter): Promise<string> {
  const conditions = conditionsOf(filter);
  const counts = await Promise.all(conditions.map(async (each) => (await catalog.findIds(each)).length));
  const alone = conditions.filter((_, at) => counts[at] === 0).map(shown);
  if (alone.length > 0)
    return `no sample of the catalog fits ${alone.join(', and none fits ')}: change it or leave it out`;
  const fit = conditions.map((each, at) => `${(counts[at] ?? 0).toLocaleString('en')} fit ${shown(each)}`);
  return `no sample of the catalog fits all of these: ${fit.join(', ')}; leave one out`;
}
