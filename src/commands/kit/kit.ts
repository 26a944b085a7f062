import { required } from '../../config.js';
import type { BoughtQuery } from '../../search/query-vector.js';
import { type Kit, type KitPad, makeKit } from '../../take/kit/make-kit.js';
import { plain, usd } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';
import { ExitCode } from '../exit-codes.js';
import { withSearch } from '../search/with-search.js';
import { HERE, type Site } from '../site.js';
import { hasTarget, type TakeOptions } from '../take/options.js';
import { checkTargets, takeConsole } from '../take/targets.js';

interface KitOptions extends TakeOptions {
  argument: string;
  pads: number;
  seed: number;
  dryRun?: boolean;
  json?: boolean;
}

/** `embeddings kit TEXT`: exit 0, even if not every pad is filled; if files are copied, as `search --to`. */
export async function kit(host: NodeJS.Process, options: KitOptions, site: Site = HERE): Promise<number> {
  const console = takeConsole(host, options, site);
  const settings = required(site.settings(), 'storeUrl', 'catalogUrl');
  const targets = checkTargets(options);
  const { collection } = settings;
  const { argument, pads, seed, dryRun = false } = options;
  const made = await withSearch(settings, host, [...collection.shown, ...collection.filters], ({ parts }) =>
    makeKit(parts, argument, { pads, seed }),
  );
  const taken =
    dryRun || !hasTarget(options)
      ? null
      : await (await import('../take/take.js')).take(
          host,
          console,
          made.pads.map(({ hit }) => hit),
          { options, targets, settings, makeSound: site.makeSound },
        );
  console.answer({ ...kitJson(made, seed), ...(taken && { written: taken.json }) });
  if (console.json) return taken?.code ?? ExitCode.Ok;
  if (made.pads.length === 0) console.say('No sample fits: use fewer or other words.');
  else console.say(kitTable(made.pads, console.stdout.isTTY ? console.stdout.columns : undefined));
  for (const note of made.notes) console.say(note);
  console.say(`${costWords(made.bought)} Another kit: --seed ${seed + 1}`);
  for (const line of taken?.lines ?? []) console.say(line);
  return taken?.code ?? ExitCode.Ok;
}

function costWords(bought: BoughtQuery | null): string {
  if (bought === null) return 'Bought nothing.';
  return bought.costNanos === null
    ? 'Bought one query; its cost is unknown.'
    : `Bought one query for ${usd(bought.costNanos)}.`;
}

const kitJson = ({ brief, anchor, pads, notes, bought }: Kit, seed: number) => ({
  ...{ ...brief, seed, goes_with: anchor },
  pads: pads.map(({ pad, role, hit, key, bpm, why }) => ({
    ...{ pad, role, sample_id: hit.sample_id, title: hit.title, key, bpm },
    ...{ duration: hit.duration, path: hit.path, similarity: hit.similarity, why },
  })),
  notes,
  bought: bought && { tokens: bought.tokens, cost_nanodollars: bought.costNanos },
});

const kitTable = (pads: readonly KitPad[], columns: number | undefined): string =>
  listTable(
    ['Pad', 'Role', 'Title', 'Key', 'Tempo', 'Why'],
    pads.map(({ pad, role, hit, key, bpm, why }) => [
      String(pad),
      role ?? '–',
      plain(hit.title ?? String(hit.sample_id)),
      plain(key ?? '–'),
      bpm === null ? '–' : String(Number(bpm.toFixed(1))),
      plain(why.join('; ')),
    ]),
    {
      columns,
      flexible: { column: 2, how: 'cut' },
      aligns: ['right', 'left', 'left', 'left', 'right', 'left'],
    },
  );
