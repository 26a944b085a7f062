import type { RememberedField } from '../engines/libsql/catalog-shape.js';
import type { Store } from '../engines/store.js';
import { blockedFault } from '../fault.js';
import { CATALOG_SETTING } from '../sources/catalog-setting.js';
import { type Catalog, type CatalogShape, hidesSamples } from '../sources/types.js';
import { count } from './count.js';

/** A field is lost if less than this share of its samples still have it; smaller losses come from editing. */
const SHARE = 0.8;
const SOME = 10;

interface Parts {
  catalog: Pick<Catalog, 'survey' | 'place' | 'refresh'>;
  store: Pick<Store, 'rememberShape'>;
}

/**
 * Throws a Fault, before a run buys anything, if the catalog has lost a field that the last run's texts were made of (a
 * column renamed, dropped or emptied, analyses gone), or if row-level security may hide analyses: all those samples
 * would be bought again with poorer texts. `accept` (`--accept-shape`): the run continues. `remember`: saves the shape
 * for the next run. `fields`: those that texts are made of.
 */
export async function checkShape(
  { catalog, store }: Parts,
  { runId, accept, fields, prune, remembered }: ShapeOptions,
): Promise<{ shape: CatalogShape; remember(): Promise<void> }> {
  const shape = shapeOfTexts(await catalog.survey(), fields);
  const place = catalog.refresh === undefined ? null : catalog.place;
  if (prune && place !== null) refuseOtherFolder(place, remembered);
  const losses = lossesOf(shape, remembered);
  if (losses.length > 0 && !accept) throw blockedFault(refusal(losses));
  const remember = async (): Promise<void> => {
    // An empty catalog does not show which fields its samples have.
    if (shape.samples === 0) return;
    await store.rememberShape(runId, [
      ...fieldsOf(shape),
      ...(place === null ? [] : [{ field: `${READ_FROM}${place}`, filled: null, hidden: false }]),
    ]);
  };
  return { shape, remember };
}

interface ShapeOptions {
  runId: string;
  accept: boolean;
  fields: readonly string[];
  /** The run deletes samples that are gone. */
  prune: boolean;
  /** The shape at the last run; null: unknown. */
  remembered: readonly RememberedField[] | null;
}

/** Prefix of the remembered field that names the folder. */
const READ_FROM = 'read from ';

/** Throws a Fault if the last run read another folder: its files are not gone because this folder lacks them. */
function refuseOtherFolder(place: string, remembered: readonly RememberedField[] | null): void {
  const before = remembered?.find(({ field }) => field.startsWith(READ_FROM))?.field.slice(READ_FROM.length);
  if (before !== undefined && before !== place)
    throw blockedFault(
      `--prune: the last run read the ${before}, this one the ${place}: samples that are only in the former would be ` +
        `deleted. Set ${CATALOG_SETTING} back, or run once without --prune, and prune after that. Nothing was pruned`,
    );
}

/** Returns the message for a person, with the cures. */
export const refusal = (losses: readonly string[]): string =>
  `the texts would lose fields that they had in the last run, and would be bought again: ${losses.join('; ')}. ` +
  'Restore the catalog, or start with --accept-shape to go on without it';

/** Returns what a run would lose, each in a few words. `remembered`: the shape at the last run; null: unknown. */
export function lossesOf(now: CatalogShape, remembered: readonly RememberedField[] | null): string[] {
  if (now.samples === 0) return [];
  const before = new Map(remembered?.map((field) => [field.field, field]));
  const had = (field: string): number => before.get(field)?.filled ?? 0;
  const samples = { before: had('samples'), now: now.samples };
  const losses: string[] = [];
  const lost = (field: string, filled: number): boolean => isLost(had(field), filled, samples);

  const { analyses } = now;
  const hidesAnalyses = analyses !== null && now.hidden.includes('vibe_analyses') && analyses < now.samples;
  if (hidesAnalyses && before.get('vibe_analyses')?.hidden !== true)
    losses.push(
      `row-level security hides rows of vibe_analyses from this role, and ${count(now.samples - analyses)} samples ` +
        'are seen without an analysis',
    );
  const withoutAnalyses = analyses !== null && lost('vibe_analyses', analyses);
  if (withoutAnalyses)
    losses.push(
      analyses === 0
        ? `vibe_analyses has no analyses any more (${count(had('vibe_analyses'))} samples had one)`
        : `vibe_analyses has ${count(analyses)} analyses (it had ${count(had('vibe_analyses'))})`,
    );
  for (const [name, filled] of Object.entries(now.filled)) {
    const field = fieldOf(now, name);
    if (withoutAnalyses && field.startsWith('vibe_analyses.') && filled !== null) continue;
    if (had(field) > 0 && filled === null)
      losses.push(`there is no column ${name} any more (${count(had(field))} samples had it)`);
    else if (filled !== null && lost(field, filled))
      losses.push(`${name} is filled for ${count(filled)} samples (it was for ${count(had(field))})`);
  }
  return losses;
}

/** Returns whether fewer samples have the field, and not because samples were deleted. */
function isLost(had: number, has: number, samples: { before: number; now: number }): boolean {
  if (had === 0 || has >= had) return false;
  const expected = (had * samples.now) / Math.max(1, samples.before);
  if (has === 0) return expected >= 1;
  return had - has >= SOME && has < SHARE * had && has < SHARE * expected;
}

/** Returns the fields of a shape as they are remembered. */
export const fieldsOf = (shape: CatalogShape): RememberedField[] => {
  const { samples, analyses, filled, hidden } = shape;
  return [
    { field: 'samples', filled: samples, hidden: hidesSamples(hidden) },
    ...(analyses === null
      ? []
      : [{ field: 'vibe_analyses', filled: analyses, hidden: hidden.includes('vibe_analyses') }]),
    ...Object.entries(filled).map(([name, rows]) => ({
      field: fieldOf(shape, name),
      filled: rows,
      hidden: false,
    })),
  ];
};

/** Marks a declared column with a dot: it may be called `samples`, which is the number of rows here. */
const fieldOf = ({ analyses }: CatalogShape, name: string): string =>
  analyses === null && !name.includes('.') ? `.${name}` : name;

/** Returns the part of a shape that texts with these fields are made of; other losses do not change the texts. */
export function shapeOfTexts(shape: CatalogShape, fields: readonly string[]): CatalogShape {
  const filled = Object.fromEntries(Object.entries(shape.filled).filter(([name]) => isOfTexts(fields, name)));
  const analysed = Object.keys(filled).some((name) => name.startsWith('vibe_analyses.'));
  if (shape.analyses === null || analysed) return { ...shape, filled };
  return { ...shape, filled, analyses: null, hidden: shape.hidden.filter((name) => hidesSamples([name])) };
}

/** Returns whether a column, as CatalogShape and Catalog.missingColumns name it, is one of the fields. */
export const isOfTexts = (fields: readonly string[], name: string): boolean =>
  fields.includes(name) || fields.includes(name.replace(/^(samples|vibe_analyses)\./, ''));
