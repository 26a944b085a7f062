import { type PastRun, pastRuns } from '../../hosting/schedules/past-runs.js';
import { findSchedule, type Schedule } from '../../hosting/schedules/schedule.js';
import { count, plain } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';
import { type Console, createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { pastRunFields, scheduleFields } from './schedule-json.js';
import { ONLY_WHILE_DEV, withSchedules } from './with-schedules.js';
import { costInWords, requestInWords, shortTime, span, timesInWords } from './words.js';

const RUNS = 10;
const NEXT = 3;
const REASONS = 3;

/** `embeddings schedule describe`: with `--json`, the schedule with its `last_runs`, newest first. */
export async function describe(
  host: NodeJS.Process,
  options: { argument: string; json?: boolean },
): Promise<number> {
  const console = createConsole(host, options.json === true);
  return withSchedules(console, async ({ client, settings, idOf, embedded }) => {
    const schedule = await findSchedule(client, idOf(options.argument));
    const past = await pastRuns(client, settings, schedule, RUNS, console.say);
    console.answer({
      ...scheduleFields(schedule),
      only_while_dev_is_up: embedded,
      last_runs: past.map(pastRunFields),
    });
    if (!console.json) show(console, host, schedule, past);
    if (!console.json && embedded) console.say(ONLY_WHILE_DEV);
    return ExitCode.Ok;
  });
}

function show(console: Console, host: NodeJS.Process, schedule: Schedule, past: readonly PastRun[]): void {
  const { fired, skipped, missed, note, next } = schedule;
  console.say(`Schedule "${schedule.name}": ${requestInWords(schedule)}`);
  console.say(
    `When: ${timesInWords(schedule.times)}, up to ${span(schedule.jitterSeconds)} later (so that not all begin at once)`,
  );
  if (schedule.paused) console.say(`Paused${note === null ? '' : `: ${plain(note)}`}`);
  else {
    const times = next.slice(0, NEXT).map((time) => shortTime(time.toISOString()));
    console.say(`Next (UTC): ${times.join(', ')}`);
  }
  console.say(
    `Fired: ${count(fired)}; skipped as its last run was under way: ${count(skipped)}; missed: ${count(missed)}`,
  );
  if (past.length === 0) {
    console.say(`No run yet. Run it now: embeddings schedule trigger ${schedule.name}`);
    return;
  }
  console.say(runsTable(host, past));
  for (const { at, state, reason } of past.filter((run) => run.reason !== null).slice(0, REASONS))
    console.say(`${shortTime(at)} ${state}: ${plain(reason ?? '')}`);
}

const runsTable = (host: NodeJS.Process, past: readonly PastRun[]): string =>
  listTable(
    ['Begun (UTC)', 'State', 'Stored', 'Unchanged', 'Failed', 'Pruned', 'Cost'],
    past.map((run) => [
      shortTime(run.at),
      run.state,
      ...(['stored', 'unchanged', 'failed'] as const).map((key) =>
        run.totals === null ? '–' : count(run.totals[key]),
      ),
      run.totals?.pruned === undefined ? '–' : count(run.totals.pruned),
      costInWords(run),
    ]),
    {
      columns: host.stdout.isTTY ? host.stdout.columns : undefined,
      aligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
    },
  );
