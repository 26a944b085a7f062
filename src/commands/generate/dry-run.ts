import { setImmediate } from 'node:timers/promises';
import { documentForm } from '../../collections/document-form.js';
import { required, type Settings } from '../../config.js';
import type { Selection } from '../../contract/request.js';
import { notesOf } from '../../domain/catalog-notes.js';
import { lossesOf, refusal, shapeOfTexts } from '../../domain/check-shape.js';
import { type LeftOut, leftOutSentence, tallyLeftOut } from '../../domain/left-out.js';
import { createSelectionReader } from '../../domain/read-selection.js';
import { compareStored, type RenderedSample, renderSample } from '../../domain/samples.js';
import type { Store } from '../../engines/store.js';
import { usageFault } from '../../fault.js';
import { withStore } from '../../hosting/existing-store.js';
import type { Target } from '../../hosting/generation-settings.js';
import { openCatalogReadOnly } from '../../hosting/open-parts.js';
import { loadTokenCounter, tooLong } from '../../providers/tokens.js';
import { type MissingIds, missingIds } from '../../sources/missing-ids.js';
import { parseSampleIds } from '../../sources/sample-ids.js';
import { count, percent, usd } from '../../terminal/format.js';
import { createProgress } from '../../terminal/progress.js';
import { summaryTable } from '../../terminal/tables.js';
import { askPrice } from '../ask-price.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { noneExist } from './check-ids.js';
import { type CommandLineSelection, resolveSampleIdsIn } from './resolve-sample-ids.js';
import { missingLine } from './run-position.js';

/**
 * Shows what a run would send and cost: exact tokens of every text that is not up to date, identical texts counted
 * once, at the provider's price, or the known list price if the provider cannot be reached. Sends no text, writes
 * nothing, needs no key. Throws if a store exists that cannot be read: every text would then count as to be bought.
 */
export async function dryRun(
  console: Console,
  { settings, isNew }: Target,
  asked: CommandLineSelection | Selection,
  reset: boolean,
): Promise<number> {
  const { generation } = settings;
  const form = documentForm(settings.collection);
  const catalog = await openCatalogReadOnly(required(settings, 'catalogUrl'));
  try {
    await catalog.inspect();
    const ids = asked.kind === 'sample-ids' ? await resolveSampleIdsIn(catalog, asked.text) : null;
    const selection = ids?.selection ?? (asked as Selection);
    const shape = shapeOfTexts(await catalog.survey(), form.fields);
    // The request for the price runs during the reading below.
    const price = askPrice(settings);
    const ranges = selection.kind === 'ids' ? parseSampleIds(selection.ids) : undefined;
    const countTokens = await loadTokenCounter();
    const stream = console.json ? console.stderr : console.stdout;
    const bar = createProgress({
      ...{ stream, isTTY: stream.isTTY === true, columns: stream.columns ?? 80 },
      // The default words show the cost so far, which a dry run does not have.
      words: ({ done, total }) => `Read ${count(done)}/${count(total)} (${percent(done, total)})`,
    });
    const totals = {
      samples: 0,
      unchanged: 0,
      toEmbed: 0,
      identical: 0,
      tooLong: 0,
      empty: 0,
      unreadable: 0,
      tokens: 0,
    };
    const missing = ids?.missing ?? (ranges === undefined ? null : await missingIds(catalog, ranges));
    if (missing !== null && missing.missing === missing.asked) throw noneExist(missing);
    const expected = selection.kind === 'failed' ? 0 : await catalog.count(ranges);
    const leftOut = tallyLeftOut();
    const seen = new Set<string>();
    const { model, dimensions } = settings;
    const plan = { runId: 'dry-run', model, dimensions, generation, reset };

    const consider = async (sample: RenderedSample): Promise<void> => {
      if (sample.unreadable !== undefined) {
        totals.unreadable += 1;
        return;
      }
      if (sample.text === '') {
        totals.empty += 1;
        return;
      }
      leftOut.add(sample.notes);
      const { maxInputTokens } = await price;
      if (maxInputTokens !== null && (await tooLong(sample.text, maxInputTokens))) {
        totals.tooLong += 1;
        return;
      }
      totals.toEmbed += 1;
      // Half of the hash saves memory for a million samples; two texts sharing it is practically impossible.
      const key = sample.hash.slice(0, 24);
      if (seen.has(key)) totals.identical += 1;
      else totals.tokens += countTokens(sample.text);
      seen.add(key);
    };

    const read = async (store: Pick<Store, 'storedRows'> | null, failures: Failures): Promise<void> => {
      const nextSlice = createSelectionReader(selection, catalog, failures);
      for (let slice = await nextSlice(null); slice !== null; slice = await nextSlice(slice.upTo)) {
        const samples = slice.rows.map((row) => renderSample(row, plan, form));
        const stored = await storedOf(store, samples);
        for (const sample of samples) {
          totals.samples += 1;
          const is = compareStored(sample, stored.get(sample.id), plan);
          if (is === 'current' || is === 'adoptable') totals.unchanged += 1;
          else await consider(sample);
        }
        bar.update({
          done: totals.samples,
          total: Math.max(expected, totals.samples),
          costNanos: 0,
          state: 'running',
        });
        await setImmediate();
      }
    };

    const compare = async (all: Store) => {
      const tables = await all.tables();
      // A generation that does not exist yet is compared with the active one: rows with the same text are copied from
      // there.
      const store = all.of(isNew ? null : generation.number);
      await read(tables.vectors === 'ours' ? store : null, tables.failures ? store : NO_FAILURES);
      return { tables, remembered: await store.rememberedShape() };
    };
    const look = async () => {
      const compared = await withStore(settings, compare);
      if (compared === null) await read(null, NO_STORE);
      return compared;
    };
    const compared = await look().finally(() => bar.stop());
    const { nanosPerToken, source } = await price;
    const losses = lossesOf(shape, compared?.remembered ?? null);
    show(
      console,
      { ...totals, leftOut, missing, catalog: { notes: notesOf(shape), losses } },
      nanosPerToken,
      source,
      settings,
    );
    if (compared?.tables.vectors === 'old' && !console.json)
      console.say(
        'Vectors of the old script are compared once a run has taken over the store: the cost may be lower.',
      );
    return ExitCode.Ok;
  } finally {
    await catalog.close();
  }
}

type Failures = Pick<Store, 'listFailures'>;

const NO_STORE: Failures = {
  listFailures(): never {
    throw usageFault('--failed needs TURSO_DATABASE_URL: the store lists the failed samples');
  },
};

/** A store without our tables has no failures. */
const NO_FAILURES: Failures = { listFailures: async () => [] };

/** Returns the stored rows; empty if there is no store, or its tables are not ours. */
async function storedOf(store: Pick<Store, 'storedRows'> | null, samples: readonly RenderedSample[]) {
  const rows = store === null ? [] : await store.storedRows(samples.map((sample) => sample.id));
  return new Map(rows.map((row) => [row.sampleId, row]));
}

function show(
  console: Console,
  totals: {
    samples: number;
    unchanged: number;
    toEmbed: number;
    identical: number;
    tooLong: number;
    empty: number;
    unreadable: number;
    tokens: number;
    leftOut: LeftOut;
    /** Null: the selection is not by ids. */
    missing: MissingIds | null;
    catalog: { notes: string[]; losses: string[] };
  },
  nanosPerToken: number | null,
  source: string,
  settings: Settings,
): void {
  const costNanos = nanosPerToken === null ? null : Math.round(totals.tokens * nanosPerToken);
  const failed = totals.tooLong + totals.empty + totals.unreadable;
  const successful = totals.samples - failed;
  const avg = costNanos === null || totals.toEmbed === 0 ? null : costNanos / totals.toEmbed;
  const from =
    source === 'provider' ? "the provider's list" : 'the known list price; the provider could not be asked';
  console.answer({
    dry_run: true,
    total_samples: totals.samples,
    ids_not_in_catalog: totals.missing?.missing ?? 0,
    to_embed: totals.toEmbed,
    unchanged: totals.unchanged,
    identical_texts: totals.identical,
    too_long: totals.tooLong,
    empty_texts: totals.empty,
    unreadable: totals.unreadable,
    catalog_notes: totals.catalog.notes,
    catalog_losses: totals.catalog.losses,
    noted: totals.leftOut.samples,
    left_out: Object.fromEntries(totals.leftOut.notes),
    total_tokens: totals.tokens,
    price_per_million_tokens_usd: nanosPerToken === null ? null : nanosPerToken / 1000,
    price_source: source,
    total_cost_usd: costNanos === null ? null : costNanos / 1e9,
    total_cost_nanodollars: costNanos,
    model: settings.model,
  });
  if (console.json) return;
  console.say('');
  console.say(
    summaryTable('Cost Estimation Summary', [
      ['Total Samples', count(totals.samples)],
      ['Successful', count(successful)],
      ['  To embed', count(totals.toEmbed)],
      ['  Identical text', count(totals.identical)],
      ['  Unchanged', count(totals.unchanged)],
      ['Failed', count(failed)],
      ['Success Rate', totals.samples === 0 ? '–' : percent(successful, totals.samples)],
      ['Tokens', count(totals.tokens)],
      ['Total Cost', costNanos === null ? 'unknown' : usd(costNanos)],
      ['Avg Cost/Sample', avg === null ? '–' : usd(avg, { places: 6 })],
    ]),
  );
  console.say(
    nanosPerToken === null
      ? `No price is known for ${settings.model}.`
      : `Price: $${nanosPerToken / 1000} per million tokens of ${settings.model} (${from}). Nothing was sent.`,
  );
  console.say(`The catalog: ${totals.catalog.notes.join('; ')}.`);
  console.say(`Fields left out as not usable: ${leftOutSentence(totals.leftOut)}.`);
  if (totals.missing !== null && totals.missing.missing > 0)
    console.say(`${missingLine(totals.missing).join(': ')}.`);
  if (totals.catalog.losses.length > 0)
    console.say(`A run would not begin: ${refusal(totals.catalog.losses)}.`);
}
