import { documentForm } from '../../collections/document-form.js';
import { required } from '../../config.js';
import { findSample } from '../../domain/find-sample.js';
import { type Explanation, explainSample } from '../../explain/explain-sample.js';
import { usageFault } from '../../fault.js';
import { withStore } from '../../hosting/existing-store.js';
import { activeSettings } from '../../hosting/generation-settings.js';
import { openCatalogReadOnly, openProvider } from '../../hosting/open-parts.js';
import { count, plain, usd } from '../../terminal/format.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { HERE, type Site } from '../site.js';
import { explanationJson } from './explain-json.js';
import { textDiff } from './text-diff.js';

/**
 * `embeddings explain ID`: exit 0; 2 if neither catalog nor store has the sample. Its only request asks for the price.
 */
export async function explain(
  host: NodeJS.Process,
  options: { argument: string; json?: boolean },
  site: Site = HERE,
): Promise<number> {
  const console = createConsole(host, options.json === true, site.words);
  const settings = await activeSettings(required(site.settings(), 'storeUrl', 'catalogUrl'));
  const { model, dimensions, collection, generation } = settings;
  const catalog = await openCatalogReadOnly(settings);
  let explained: Explanation;
  let sample: number | string;
  try {
    const provider = openProvider(settings, 'document');
    const parts = { catalog, provider, model, dimensions, generation, form: documentForm(collection) };
    const { number, called } = await findSample({ catalog, keys: catalog.keys }, options.argument);
    sample = called;
    explained =
      (await withStore(settings, async (store) => {
        const { vectors } = await store.tables();
        return explainSample({ ...parts, store: vectors === 'ours' ? store : null }, number);
      })) ?? (await explainSample({ ...parts, store: null }, number));
  } finally {
    await catalog.close();
  }
  if (explained.next === 'unknown')
    throw usageFault(`there is no sample ${sample}: ${explained.because}; check the id`);
  console.answer(explanationJson(explained, sample));
  const colours = host.stdout.isTTY === true && !host.env.NO_COLOR;
  // A coloured diff is written directly, since `say` removes control characters; its lines are cleaned one by one.
  for (const line of lines(explained, sample)) console.say(line);
  if (!console.json) showDiff(host, explained, colours);
  return ExitCode.Ok;
}

function lines(
  { today, file, stored, run, costNanos, failure, because, next, nextCostNanos }: Explanation,
  sample: number | string,
) {
  const out = [`Sample ${plain(String(sample))}`];
  if (today !== null) {
    out.push('', `Its text today (${count(today.tokens)} tokens, fingerprint ${today.hash.slice(0, 12)}…):`);
    out.push(...today.text.split('\n').map((line) => `  ${plain(line)}`));
    out.push(
      `Fields left out as not usable: ${today.notes.length === 0 ? 'none' : today.notes.map(plain).join('; ')}`,
    );
  } else out.push('', 'It is not in the catalog.');
  if (file !== null) {
    out.push('', `The file: ${plain(file.path ?? 'unknown')}`, 'Where each of its fields comes from:');
    for (const [field, origin] of Object.entries(file.fields)) out.push(`  ${field}: ${plain(origin)}`);
    for (const { field, from, value } of file.leftOut)
      out.push(`  ${field}: left out, ${plain(from)} says "${plain(value)}"`);
  }
  out.push('');
  if (stored === null) out.push('Nothing is stored of it.');
  else {
    const by = stored.runId === null ? 'by the old script' : `by run ${plain(stored.runId)}`;
    const of = `${plain(stored.model ?? 'an unnamed model')}, ${stored.vectorBytes / 4} dimensions`;
    out.push(`Stored ${plain(stored.storedAt ?? 'at an unknown time')} UTC ${by}: ${of}`);
    const when = run === null ? '' : `, which began ${plain(run.startedAt)}`;
    if (costNanos !== null) out.push(`It cost about ${usd(costNanos, { places: 9 })} of that run${when}.`);
  }
  if (failure !== null)
    out.push(
      `It failed ${plain(failure.failedAt)} (${plain(failure.reason)}, ${failure.attempts} attempts): ${plain(failure.message)}`,
    );
  const cost =
    next !== 'embed'
      ? ''
      : nextCostNanos === null
        ? ' (price unknown)'
        : ` for about ${usd(nextCostNanos, { places: 9 })}`;
  const does = {
    nothing: 'leave it alone',
    adopt: 'take it over',
    embed: 'embed it',
    refuse: 'not send it',
    gone: 'leave it alone',
    unknown: '',
  };
  out.push('', `The next run would ${does[next]}${cost}: ${because}.`);
  return out;
}

function showDiff(host: NodeJS.Process, { today, stored }: Explanation, colours: boolean): void {
  if (today === null || stored?.text == null) return;
  const clean = (text: string): string => text.split('\n').map(plain).join('\n');
  const diff = textDiff(clean(stored.text), clean(today.text), colours);
  if (diff.length === 0) return;
  host.stdout.write(
    `\nWhat differs (- as it is stored, + as it is today):\n${diff.map((line) => `  ${line}`).join('\n')}\n`,
  );
}
