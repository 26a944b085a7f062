import { isWorkerRunning } from '../../hosting/exclusive-worker.js';
import { triggerSchedule } from '../../hosting/schedules/change.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { withSchedules } from './with-schedules.js';

/** `embeddings schedule trigger`: does not wait for the run. Exit 2 if a run is under way. */
export async function trigger(
  host: NodeJS.Process,
  { argument: name, json }: { argument: string; json?: boolean },
): Promise<number> {
  const console = createConsole(host, json === true);
  const asleep = await withSchedules(console, async ({ client, settings, idOf, embedded }) => {
    const worker = !embedded || isWorkerRunning(settings);
    await triggerSchedule(client, settings, idOf(name), worker);
    return !worker;
  });
  console.say(
    asleep
      ? `Schedule "${name}" has fired, but no worker is up: its run begins with \`embeddings dev\`.`
      : `Schedule "${name}" has fired. Watch its run: embeddings status --watch`,
  );
  console.answer({ triggered: true, name });
  return ExitCode.Ok;
}
