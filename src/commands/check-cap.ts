import { documentForm } from '../collections/document-form.js';
import type { Settings } from '../config.js';
import type { RunRequest } from '../contract/request.js';
import { createSelectionReader } from '../domain/read-selection.js';
import { renderSample } from '../domain/samples.js';
import { usageFault } from '../fault.js';
import { shownModel } from '../hide-secrets.js';
import { openCatalogReadOnly } from '../hosting/open-parts.js';
import { tokenMeasure } from '../providers/tokens.js';
import { usd } from '../terminal/format.js';
import { askPrice } from './ask-price.js';
import { settingsOfRequest } from './generate/settings-of-request.js';

/**
 * Throws a Fault if `--max-cost` is too low for the first batch. The estimate is the tokens of one batch of samples,
 * bounded as a run bounds them, at today's price. Does nothing if only the workers can read the catalog.
 */
export async function checkCap(configured: Settings, request: RunRequest): Promise<void> {
  const { maxCostNanos, selection } = request;
  if (maxCostNanos === null || configured.catalogUrl === null || selection.kind === 'failed') return;
  const settings = await settingsOfRequest(configured, request);
  const { nanosPerToken } = await askPrice(settings);
  if (nanosPerToken === null)
    throw usageFault(
      `--max-cost cannot be enforced: no price is known for EMBEDDING_MODEL ${shownModel(settings.model)}`,
    );
  const { samples, tokens } = await firstBatch(settings, configured.catalogUrl, request);
  const costNanos = Math.ceil(tokens * nanosPerToken);
  if (maxCostNanos >= costNanos) return;
  const [cap, cost] = formatDistinct(maxCostNanos, costNanos);
  throw usageFault(
    `--max-cost ${cap} is less than one batch costs: about ${cost} for ${samples} samples; raise it, or lower --batch-size`,
  );
}

/** Formats two different amounts with as many decimal places as it takes to see that they differ. */
function formatDistinct(one: number, other: number, places = 4): [one: string, other: string] {
  const formatted: [string, string] = [usd(one, { places }), usd(other, { places })];
  return formatted[0] === formatted[1] && places < NANO_PLACES
    ? formatDistinct(one, other, places + 1)
    : formatted;
}

/** Decimal places of a dollar amount in nanodollars. */
const NANO_PLACES = 9;

async function firstBatch(
  settings: Settings,
  catalogUrl: string,
  { selection, batchSize }: RunRequest,
): Promise<{ samples: number; tokens: number }> {
  const { model, dimensions, collection } = settings;
  const form = documentForm(collection);
  const catalog = await openCatalogReadOnly({ ...settings, catalogUrl });
  try {
    const never = { listFailures: () => Promise.resolve([]) };
    const slice = await createSelectionReader(selection, catalog, never)(null);
    const rows = (slice?.rows ?? []).slice(0, batchSize);
    const measure = await tokenMeasure(model, true);
    const tokens = rows.map((row) => measure(renderSample(row, { model, dimensions }, form).text));
    return { samples: rows.length, tokens: tokens.reduce((sum, n) => sum + n, 0) };
  } finally {
    await catalog.close();
  }
}
