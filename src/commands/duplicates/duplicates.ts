import { required } from '../../config.js';
import { usageFault } from '../../fault.js';
import { withStore } from '../../hosting/existing-store.js';
import { openCatalogReadOnly } from '../../hosting/open-parts.js';
import { type DuplicateGroup, findDuplicates } from '../../search/duplicates.js';
import type { SampleHit } from '../../search/sample-hit.js';
import { count, plain } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { createSteps } from '../pages/steps.js';
import { HERE, type Site } from '../site.js';

/** `embeddings duplicates`: exit 0, whether there are duplicates or not. */
export async function duplicates(
  host: NodeJS.Process,
  { limit, json = false }: { limit: number; json?: boolean },
  site: Site = HERE,
): Promise<number> {
  const console = createConsole(host, json, site.words);
  const settings = required(site.settings(), 'storeUrl', 'catalogUrl');
  const { collection } = settings;
  const catalog = await openCatalogReadOnly(settings);
  const steps = createSteps(console);
  try {
    const groups = await withStore(settings, async (store) => {
      const all = await store.countVectors();
      return findDuplicates({
        ...{ store, catalog, file: collection.file },
        ...(collection.rows !== null && { shown: collection.shown }),
        progress: (done) => steps.progress('Reading the stored texts', all === 0 ? 1 : done / all),
      });
    }).finally(steps.end);
    if (groups === null)
      throw usageFault(
        'there is nothing to compare yet: the database of TURSO_DATABASE_URL does not exist; create it with embeddings --all',
      );
    const shown = groups.slice(0, limit);
    console.answer({ groups: shown.map(groupJson), total: groups.length });
    if (!json) for (const line of linesOf(groups, shown, host.stdout)) console.say(line);
    return ExitCode.Ok;
  } finally {
    await catalog.close();
  }
}

const groupJson = ({ same, measured, samples }: DuplicateGroup) => ({
  same,
  measured,
  samples: samples.map(({ sample_id, title, duration, path }) => ({ sample_id, title, duration, path })),
});

function linesOf(
  groups: readonly DuplicateGroup[],
  shown: readonly DuplicateGroup[],
  { isTTY, columns }: NodeJS.WriteStream,
): string[] {
  if (groups.length === 0) return ['No near-duplicates were found.'];
  const more = groups.reduce((sum, { samples }) => sum + samples.length - 1, 0);
  const rows = shown.flatMap((group, at) =>
    group.samples.map((sample, index) => [
      index === 0 ? String(at + 1) : '',
      index === 0 ? wordsOf(group) : '',
      plain(String(sample.sample_id)),
      plain(sample.title ?? '–'),
      sample.duration === null ? '–' : sample.duration.toFixed(2),
      plain(whereOf(sample)),
    ]),
  );
  const table = listTable(['#', 'Same', 'Sample', 'Title', 'Seconds', 'Path'], rows, {
    columns: isTTY ? columns : undefined,
    flexible: { column: 5, how: 'cut-begin' },
    aligns: ['right', 'left', 'right', 'left', 'right', 'left'],
  });
  const left = groups.length - shown.length;
  return [
    table,
    `${count(groups.length)} ${groups.length === 1 ? 'group' : 'groups'}, ${count(more)} surplus samples; listen before you delete.`,
    ...(left > 0 ? [`${count(left)} more groups: raise --limit.`] : []),
    ...(groups.some(({ measured }) => !measured)
      ? ['"text alone" means that not every length is known.']
      : []),
  ];
}

const wordsOf = ({ same, measured }: DuplicateGroup): string =>
  `${same === 'text' ? 'text' : 'but for numbers'}${measured ? '' : ', text alone'}`;

const whereOf = ({ path }: SampleHit): string => path ?? '–';
