import { describeSelection } from '../../hosting/describe-selection.js';
import { type PastRun, pastRuns } from '../../hosting/schedules/past-runs.js';
import { findSchedule, type Schedule } from '../../hosting/schedules/schedule.js';
import { count, duration, minute, plain, usd } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';
import { type Console, createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { pastRunFields, scheduleFields } from './schedule-json.js';
import { ONLY_WHILE_DEV, withSchedules } from './with-schedules.js';
import { costInWords, timesInWords } from './words.js';

const RUNS = 10;
const NEXT = 3;

/** `embeddings schedule describe`: with `--json`, the schedule with its `last_runs`, newest first. */
export async function describe(
  host: NodeJS.Process,
  options: { argument: string; json?: boolean },
): Promise<number> {
  const console = createConsole(host, options.json === true);
  return withSchedules(console, async ({ client, settings, embedded }) => {
    const schedule = await findSchedule(client, options.argument);
    const past = await pastRuns(client, settings, schedule, RUNS);
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
  const { request, fired, skipped, missed, note } = schedule;
  const cap = request.maxCostNanos === null ? '' : `, never more than ${usd(request.maxCostNanos)} a run`;
  console.say(`Schedule "${schedule.name}": ${describeSelection(request)}${cap}`);
  console.say(
    `When: ${timesInWords(schedule.times)}, up to ${duration(schedule.jitterSeconds * 1000)} later so that not all begin at once`,
  );
  if (schedule.paused) console.say(`Paused${note === null ? '' : `: ${plain(note)}`}`);
  else
    console.say(
      `Next (UTC): ${schedule.next
        .slice(0, NEXT)
        .map((time) => minute(time.toISOString()))
        .join(', ')}`,
    );
  console.say(
    `Fired ${count(fired)} times; ${count(skipped)} skipped while its last run was under way, ${count(missed)} missed while Temporal was down`,
  );
  if (past.length === 0) console.say('No run yet. Run it now: embeddings schedule trigger');
  else console.say(runsTable(host, past));
  for (const { at, reason } of past.slice(0, 1))
    if (reason !== null) console.say(`The run of ${minute(at)}: ${plain(reason)}`);
}

const runsTable = (host: NodeJS.Process, past: readonly PastRun[]): string =>
  listTable(
    ['Begun (UTC)', 'State', 'Stored', 'Unchanged', 'Failed', 'Pruned', 'Cost'],
    past.map((run) => [
      minute(run.at),
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
