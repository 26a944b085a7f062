import { deleteSchedule } from '../../hosting/schedules/change.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { withSchedules } from './with-schedules.js';

/** `embeddings schedule delete`. */
export async function remove(
  host: NodeJS.Process,
  { argument: name, json }: { argument: string; json?: boolean },
): Promise<number> {
  const console = createConsole(host, json === true);
  await withSchedules(console, ({ client, idOf }) => deleteSchedule(client, idOf(name)));
  console.say(`Schedule "${name}" is deleted; a run under way goes on, stored vectors are kept.`);
  console.answer({ deleted: true, name });
  return ExitCode.Ok;
}
