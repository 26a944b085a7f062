import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';
import { integerOption, usdOption } from '../options.js';

/** Default name of a schedule. */
const NAME = 'embed-samples';

const CREATE_HELP = `
Intervals are minutes, hours, days or weeks: 30m, 6h, 1d, 1w. They count from
midnight UTC. A cron expression has five fields: minute, hour, day of month,
month, day of week; it means UTC unless --timezone says otherwise.
A scheduled run fails instead of waiting for a person, and is skipped while
another run is under way. Samples that are up to date cost nothing.

Examples:
  embeddings schedule create --every 1d --max-cost 0.50
  embeddings schedule create nightly --cron "0 3 * * *" --timezone Europe/Berlin
  embeddings schedule create weekly --cron "0 4 * * sun" --prune`;

const ACTIONS = [
  ['describe', 'when it runs, and its last runs with what each cost'],
  ['resume', 'let it fire again'],
  ['trigger', 'run it now, in addition to its times'],
  ['delete', 'remove it; a run under way goes on, stored vectors are kept'],
] as const;

/** `embeddings schedule create`, `list`, `describe`, `pause`, `resume`, `trigger` and `delete`. */
export function addSchedule(program: Command, { run, runWith, json }: LineTools): void {
  const schedule = program
    .command('schedule')
    .description('runs at set times: create, list, describe, pause, resume, trigger, delete');

  schedule
    .command('create')
    .description('embed at set times what is new or has changed')
    .argument('[name]', 'what to call it', NAME)
    .option('--every <interval>', 'an interval like 30m, 6h or 1d')
    .option('--cron <expression>', 'a cron expression like "0 3 * * *"')
    .option('--timezone <zone>', 'the time zone of --cron, like Europe/Berlin (default UTC)')
    .option('--sample-ids <ids>', 'ids and ranges, like 1,5,10-20 (default: every sample)')
    .option('--max-cost <usd>', 'no run spends more than this', usdOption('--max-cost'))
    .option('--prune', 'delete vectors of samples that are gone from the catalog')
    .option(
      '--batch-size <n>',
      'samples per request (BATCH_SIZE, default 100)',
      integerOption('--batch-size', 1, 2048),
    )
    .option(
      '--max-retries <n>',
      'retries per batch (MAX_RETRIES, default 3)',
      integerOption('--max-retries', 0, 100),
    )
    .option(
      '--concurrency <n>',
      'requests in flight (CONCURRENCY, default 8)',
      integerOption('--concurrency', 1, 256),
    )
    .addOption(json())
    .addHelpText('after', CREATE_HELP)
    .action(runWith(async () => (await import('./create.js')).create));

  schedule
    .command('list')
    .description('every schedule: when it runs, its last run and what that cost')
    .addOption(json())
    .action(run(async () => (await import('./list.js')).list));

  schedule
    .command('pause')
    .description('stop it from firing until it is resumed')
    .argument('[name]', 'which one', NAME)
    .option('--note <text>', 'the reason, shown by describe')
    .addOption(json())
    .action(runWith(async () => (await import('./pause.js')).pause));

  for (const [name, description] of ACTIONS)
    schedule
      .command(name)
      .description(description)
      .argument('[name]', 'which one', NAME)
      .addOption(json())
      .action(runWith(() => LOAD[name]()));
}

const LOAD = {
  describe: async () => (await import('./describe.js')).describe,
  resume: async () => (await import('./resume.js')).resume,
  trigger: async () => (await import('./trigger.js')).trigger,
  delete: async () => (await import('./delete.js')).remove,
};
