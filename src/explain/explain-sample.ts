import type { DocumentForm } from '../collections/document-form.js';
import type { PlannedGeneration } from '../contract/generation.js';
import { knownModel } from '../domain/known-model.js';
import { compareStored, EMPTY_TEXT, type RenderedSample, renderSample } from '../domain/samples.js';
import type { StoredSample } from '../engines/libsql/sample-reads.js';
import type { Store } from '../engines/store.js';
import type { FailureRow, RunRow } from '../engines/types.js';
import { vectorBytes } from '../engines/vector-form.js';
import { inputTokensOf, tokenMeasure } from '../providers/tokens.js';
import type { Provider } from '../providers/types.js';
import { type Origins, parseOrigins } from '../sources/folder/index-file/origins.js';
import type { Catalog, SampleRow } from '../sources/types.js';

/** Why a sample is as it is, and what the next run would do with it. */
export interface Explanation {
  sampleId: number;
  model: string;
  dimensions: number;
  /** The sample as it would be embedded today; null: not in the catalog. */
  today: (RenderedSample & { tokens: number }) | null;
  /** Null: not in the catalog, or the catalog is not a folder. */
  file: FileOrigins | null;
  /** The sample's stored row; null: none. */
  stored: StoredSample | null;
  /** The run that stored it, if the store still has that run. */
  run: RunRow | null;
  /** Its share, by tokens, of the run's cost in nanodollars; null: not known. */
  costNanos: number | null;
  failure: FailureRow | null;
  next: 'nothing' | 'adopt' | 'embed' | 'refuse' | 'gone' | 'unknown';
  /** What the next run would do, as a sentence. */
  because: string;
  /** Nanodollars at today's price; null: no price is known. 0 if nothing would be sent. */
  nextCostNanos: number | null;
}

/** The file's path, and where its fields come from. */
export interface FileOrigins extends Origins {
  path: string | null;
}

export interface ExplainParts {
  catalog: Pick<Catalog, 'readIds'>;
  /** Null: there is no store yet. */
  store: Pick<Store, 'storedSample' | 'failuresOf' | 'latestRun'> | null;
  provider: Provider;
  form: DocumentForm;
  model: string;
  dimensions: number;
  generation: PlannedGeneration;
}

/** Explains a sample. Its only request asks for the price. */
export async function explainSample(parts: ExplainParts, sampleId: number): Promise<Explanation> {
  const { catalog, store, model, dimensions, generation } = parts;
  const [row] = await catalog.readIds([sampleId]);
  const rendered =
    row === undefined ? null : renderSample(row, { model, dimensions, generation }, parts.form);
  const measure = await tokenMeasure(model, true);
  const today = rendered === null ? null : { ...rendered, tokens: measure(rendered.text) };
  const stored = (await store?.storedSample(sampleId)) ?? null;
  const failure = (await store?.failuresOf([sampleId]))?.[0] ?? null;
  const run = stored?.runId == null ? null : ((await store?.latestRun(stored.runId)) ?? null);
  const asStored = decide(today, stored, failure, { model, dimensions, generation });
  const price = asStored.next === 'embed' ? await knownModel(parts.provider, model).catch(() => null) : null;
  const limit = price?.maxInputTokens ?? inputTokensOf(model, null);
  const decided: typeof asStored =
    limit !== null && today !== null && today.tokens > limit
      ? {
          next: 'refuse',
          because: `its text is longer than the model's limit of ${limit.toLocaleString('en')} tokens`,
        }
      : asStored;
  return {
    sampleId,
    model,
    dimensions,
    today,
    file: fileOf(row),
    stored,
    run,
    costNanos: shareOf(stored, run, measure),
    failure,
    ...decided,
    nextCostNanos:
      decided.next !== 'embed'
        ? 0
        : price?.nanosPerToken == null || today === null
          ? null
          : Math.round(today.tokens * price.nanosPerToken),
  };
}

function fileOf(row: SampleRow | undefined): FileOrigins | null {
  const origins = parseOrigins(row?.origins);
  const path = row?.path;
  return origins && { path: typeof path === 'string' ? path : null, ...origins };
}

function shareOf(
  stored: StoredSample | null,
  run: RunRow | null,
  measure: (text: string) => number,
): number | null {
  if (stored?.text == null || run === null || run.totals.tokens === 0) return null;
  return Math.round((run.totals.costNanos * measure(stored.text)) / run.totals.tokens);
}

function decide(
  today: (RenderedSample & { tokens: number }) | null,
  stored: StoredSample | null,
  failure: FailureRow | null,
  { model, dimensions, generation }: Pick<ExplainParts, 'model' | 'dimensions' | 'generation'>,
): Pick<Explanation, 'next' | 'because'> {
  if (today === null && stored === null)
    return { next: 'unknown', because: 'it is neither in the catalog nor in the store' };
  if (today === null)
    return { next: 'gone', because: 'it has left the catalog: its vector stays until --prune deletes it' };
  if (today.unreadable !== undefined)
    return { next: 'refuse', because: `the catalog's database cannot give its row: ${today.unreadable}` };
  const row = stored === null ? undefined : storedRow(today.id, stored);
  const is = compareStored(today, row, { runId: '', model, dimensions, generation, reset: false });
  if (is === 'current') return { next: 'nothing', because: 'it is up to date' };
  if (is === 'adoptable')
    return { next: 'adopt', because: 'the old script stored it for the same text: it is taken over, free' };
  if (today.text === '') return { next: 'refuse', because: EMPTY_TEXT };
  if (failure?.permanent && failure.contentHash === today.hash)
    return {
      next: 'refuse',
      because:
        'the provider refused this very text: it is not sent again until the text changes, or with --failed',
    };
  return { next: 'embed', because: whyEmbed(stored, failure, { model, generation }) };
}

const storedRow = (sampleId: number, { contentHash, runId, vectorBytes, text }: StoredSample) => ({
  sampleId,
  contentHash,
  runId,
  vectorBytes,
  source: contentHash === null ? text : null,
});

function whyEmbed(
  stored: StoredSample | null,
  failure: FailureRow | null,
  { model, generation }: Pick<ExplainParts, 'model' | 'generation'>,
): string {
  if (stored === null) return failure === null ? 'it is not stored yet' : 'it failed, and is tried again';
  const { dimensions, form } = generation;
  if (stored.vectorBytes !== vectorBytes(dimensions, form))
    return form === 'float32'
      ? `its vector has ${stored.vectorBytes / 4} dimensions, EMBEDDING_DIMENSIONS says ${dimensions}`
      : `its vector has ${stored.vectorBytes} bytes, not those of ${dimensions} numbers of eight bits`;
  if (stored.model !== null && stored.model !== model)
    return `its vector is of ${stored.model}, EMBEDDING_MODEL says ${model}`;
  return 'its text has changed since it was stored';
}
