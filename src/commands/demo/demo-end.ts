import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Settings } from '../../config.js';
import { searchText } from '../../search/search-samples.js';
import type { Console } from '../console.js';
import { makeMap } from '../pages/map.js';
import { makeReport } from '../pages/report.js';
import { createSteps } from '../pages/steps.js';
import { hitsTable } from '../search/hits-table.js';
import { withSearch } from '../search/with-search.js';
import { type DemoPlace, demoCommand } from './demo-place.js';

const QUERY = 'dark moody hip hop';

type DemoSettings = Settings & { catalogUrl: string };

/** Runs an example search on the finished demo. */
export async function showSearch(console: Console, settings: DemoSettings): Promise<void> {
  const { rows, shown } = settings.collection;
  const { hits } = await withSearch(settings, console, rows === null ? null : shown, ({ parts }) =>
    searchText(parts, QUERY, { mode: 'hybrid', limit: 5 }),
  );
  console.say('');
  console.say(`embeddings demo search ${QUERY}`);
  console.say(hitsTable(hits, console.stdout.isTTY ? console.stdout.columns : undefined));
}

/**
 * Writes the report and the map. The map takes some seconds, so it is drawn once for each demo catalog size.
 * @returns their `file:` URLs.
 */
export async function drawPages(
  console: Console,
  settings: DemoSettings,
  place: DemoPlace,
): Promise<{ map: string; report: string }> {
  const steps = createSteps(console);
  try {
    const { map } = place;
    // The demo catalog never changes; a folder of the user may.
    if ('folder' in place.of || !existsSync(map)) await makeMap(settings, map, steps.progress);
    const { url: report } = await makeReport(settings, place.report, steps.progress);
    return { map: pathToFileURL(map).href, report };
  } finally {
    steps.end();
  }
}

/** Prints what to try next. Each path has its own line, so that a narrow terminal does not break it in the middle. */
export function showWhereNext(
  console: Console,
  program: string,
  place: DemoPlace,
  { map, report }: { map: string; report: string },
): void {
  const { home, store } = place;
  const next: [string, string][] = [
    ['Hear it: search in a browser, and each hit sounds', `${program} demo serve --open`],
    ['The library as a picture', map],
    ['Spending, throughput and coverage', report],
    ['The Temporal Web UI with this run and its history', `EMBEDDINGS_HOME=${home} ${program} dev`],
    ['Search it, draw it, add up what it cost', `${program} demo --help`],
    ['Vectors, ledger and failures, as plain libSQL', store],
    [
      'Again: nothing is bought; kill it half-way: it goes on',
      demoCommand(place).replace('embeddings', program),
    ],
    ['Your own: set OPENROUTER_API_KEY, TURSO_DATABASE_URL, DATABASE_URL', `${program} --help`],
  ];
  console.say('');
  console.say('Where to look next');
  for (const [what, where] of next) {
    console.say(`  ${what}`);
    console.say(`    ${where}`);
  }
}
