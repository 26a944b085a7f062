import { pauseSchedule } from '../../hosting/schedules/change.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { scheduleFields } from './schedule-json.js';
import { withSchedules } from './with-schedules.js';

/** `embeddings schedule pause`: a run under way continues. */
export async function pause(
  host: NodeJS.Process,
  { argument: name, note, json }: { argument: string; note?: string; json?: boolean },
): Promise<number> {
  const console = createConsole(host, json === true);
  const schedule = await withSchedules(console, ({ client, idOf }) =>
    pauseSchedule(client, idOf(name), note ?? 'paused by a person'),
  );
  console.say(
    `Schedule "${name}" is paused: it does not fire. Go on with: embeddings schedule resume ${name}`,
  );
  console.answer(scheduleFields(schedule));
  return ExitCode.Ok;
}
