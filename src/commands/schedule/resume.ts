import { resumeSchedule } from '../../hosting/schedules/change.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { scheduleFields } from './schedule-json.js';
import { withSchedules } from './with-schedules.js';
import { nextInWords } from './words.js';

/** `embeddings schedule resume`: runs missed during the pause are not made up for. */
export async function resume(
  host: NodeJS.Process,
  { argument: name, json }: { argument: string; json?: boolean },
): Promise<number> {
  const console = createConsole(host, json === true);
  const schedule = await withSchedules(console, ({ client, idOf }) => resumeSchedule(client, idOf(name)));
  console.say(`Schedule "${name}" fires again; next run: ${nextInWords(schedule)} UTC`);
  console.answer(scheduleFields(schedule));
  return ExitCode.Ok;
}
