import type { Settings } from '../../config.js';
import type { RunProgress } from '../../contract/progress.js';
import type { Selection } from '../../contract/request.js';
import { type Fault, usageFault } from '../../fault.js';
import { openCatalogReadOnly, type WithCatalog } from '../../hosting/open-parts.js';
import { type MissingIds, missingIds } from '../../sources/missing-ids.js';
import { parseSampleIds } from '../../sources/sample-ids.js';
import { count } from '../../terminal/format.js';

/** Throws a usage Fault if `--sample-ids` selects nothing. The run reports a catalog that cannot be read here. */
export async function checkIds(settings: Settings, selection: Selection): Promise<void> {
  const { catalogUrl } = settings;
  if (selection.kind !== 'ids' || catalogUrl === null) return;
  const found = await readMissingIds({ ...settings, catalogUrl }, selection.ids).catch(() => null);
  if (found !== null && found.missing === found.asked) throw noneExist(found);
}

/** Returns the same Fault for an ended run whose catalog only its workers can read; null: it selected something. */
export const selectedNothing = ({ state, request, totals }: RunProgress): Fault | null =>
  state === 'completed' && request.selection.kind === 'ids' && totals.selected === 0 ? noneExist(null) : null;

export const noneExist = (found: MissingIds | null): Fault =>
  usageFault(
    `--sample-ids: none of the ${found === null ? '' : `${count(found.asked)} `}ids asked for is in the catalog` +
      `${found === null ? '' : ` (${found.some.join(', ')}${found.some.length < found.missing ? ', …' : ''})`}: ` +
      'nothing was embedded. Give ids that are there, or --all',
  );

async function readMissingIds(settings: WithCatalog, ids: string): Promise<MissingIds> {
  const catalog = await openCatalogReadOnly(settings);
  try {
    return await missingIds(catalog, parseSampleIds(ids));
  } finally {
    await catalog.close();
  }
}
