import { loadSettings, type Settings } from '../../config.js';
import type { InitialAttribute } from '../../contract/attributes.js';
import type { RunRequest } from '../../contract/request.js';
import { usageFault } from '../../fault.js';
import { libraryToStart } from '../../hosting/own-library.js';
import { createSchedule } from '../../hosting/schedules/change.js';
import { initialAttributes } from '../../hosting/search-attributes.js';
import { describeStart } from '../../hosting/start-options.js';
import { formatIdRanges, parseSampleIds } from '../../sources/sample-ids.js';
import { checkCap } from '../check-cap.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { checkBeforehand, checkPrune } from '../generate/generate.js';
import { scheduleFields } from './schedule-json.js';
import { readTimes, type TimeOptions } from './times.js';
import { ONLY_WHILE_DEV, withSchedules } from './with-schedules.js';
import { nextInWords, requestInWords, timesInWords } from './words.js';

interface CreateOptions extends TimeOptions {
  argument: string;
  sampleIds?: string;
  maxCost?: number;
  prune?: boolean;
  batchSize?: number;
  maxRetries?: number;
  concurrency?: number;
  json?: boolean;
}

/** `embeddings schedule create`: parses and checks everything before the first call to Temporal. */
export async function create(host: NodeJS.Process, options: CreateOptions): Promise<number> {
  const console = createConsole(host, options.json === true);
  const name = checkName(options.argument);
  const times = readTimes(options);
  checkPrune(options);
  const settings = loadSettings();
  const request = requestOf(options, settings);
  await checkBeforehand(settings);
  await checkCap(settings, request);
  const library = await libraryToStart(settings);
  await withSchedules(
    console,
    async ({ client, idOf, embedded }) => {
      const schedule = await createSchedule(client, {
        name: idOf(name),
        ...times,
        request: { ...request, ...(library !== null && { library }) },
        collection: settings.collection.name,
        details: describeStart(request, settings).staticDetails,
        attributes: (await initialAttributes(client, settings, console.say)) as InitialAttribute[],
      });
      console.say(`Schedule "${name}": ${requestInWords(schedule)}`);
      console.say(`When: ${timesInWords(schedule.times)}; next (UTC): ${nextInWords(schedule)}`);
      console.say(`Look at it: embeddings schedule describe ${name}`);
      if (embedded) console.say(ONLY_WHILE_DEV);
      console.answer({ ...scheduleFields(schedule), only_while_dev_is_up: embedded });
    },
    settings,
  );
  return ExitCode.Ok;
}

/** Checks the name, since it becomes part of a workflow id and of URLs. */
function checkName(name: string): string {
  if (/^[a-z0-9][\w-]{0,63}$/i.test(name)) return name;
  throw usageFault(
    `"${name}" cannot be the name of a schedule: letters, digits, - and _, 64 at most, like nightly`,
  );
}

const requestOf = (options: CreateOptions, settings: Settings): RunRequest => ({
  selection:
    options.sampleIds === undefined
      ? { kind: 'all' }
      : { kind: 'ids', ids: formatIdRanges(parseSampleIds(options.sampleIds)) },
  reset: false,
  batchSize: options.batchSize ?? settings.batchSize,
  maxRetries: options.maxRetries ?? settings.maxRetries,
  concurrency: options.concurrency ?? settings.concurrency,
  maxCostNanos: options.maxCost ?? null,
  // Nobody watches a scheduled run: a failed run is noticed, but a waiting run would block all later ones.
  onBlocked: 'fail',
  ...(options.prune === true && { prune: true }),
});
