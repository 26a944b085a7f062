import { pastRuns } from '../../hosting/schedules/past-runs.js';
import { listSchedules } from '../../hosting/schedules/schedule.js';
import { listTable } from '../../terminal/tables.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { pastRunFields, scheduleFields } from './schedule-json.js';
import { withSchedules } from './with-schedules.js';
import { costInWords, nextInWords, shortTime, timesInWords } from './words.js';

/** `embeddings schedule list`: with `--json`, an array of what `describe` says, each with its `last_run`. */
export async function list(host: NodeJS.Process, options: { json?: boolean }): Promise<number> {
  const console = createConsole(host, options.json === true);
  const found = await withSchedules(console, async ({ client, settings }) => {
    const schedules = await listSchedules(client);
    const printed = new Set<string>();
    const printOnce = (line: string): void => {
      if (!printed.has(line)) console.say(line);
      printed.add(line);
    };
    return Promise.all(
      schedules.map(async (schedule) => {
        const [last = null] = await pastRuns(client, settings, schedule, 1, printOnce);
        return { schedule, last };
      }),
    );
  });
  console.answer(
    found.map(({ schedule, last }) => ({
      ...scheduleFields(schedule),
      last_run: last === null ? null : pastRunFields(last),
    })),
  );
  if (console.json) return ExitCode.Ok;
  if (found.length === 0) {
    console.say('No schedule yet. Make one with: embeddings schedule create --every 1d');
    return ExitCode.Ok;
  }
  const rows = found.map(({ schedule, last }) => [
    schedule.name,
    timesInWords(schedule.times),
    nextInWords(schedule),
    last === null ? '–' : `${shortTime(last.at)} ${last.state}`,
    last === null ? '–' : costInWords(last),
  ]);
  console.say(
    listTable(['Name', 'When', 'Next (UTC)', 'Last run (UTC)', 'Cost'], rows, {
      columns: host.stdout.isTTY ? host.stdout.columns : undefined,
      flexible: { column: 1, how: 'wrap' },
      aligns: ['left', 'left', 'left', 'left', 'right'],
    }),
  );
  return ExitCode.Ok;
}
