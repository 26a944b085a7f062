import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';
import { usdOption } from '../options.js';

/** `embeddings pause`, `cancel` and `resume`. */
export function addControl(program: Command, { run, json }: LineTools): void {
  program
    .command('pause')
    .description('pause the run: batches under way are still sent and stored, no others are begun')
    .addOption(json())
    .action(run(async () => (await import('./control.js')).pause));

  program
    .command('cancel')
    .description('end the run; stored vectors are kept')
    .addOption(json())
    .action(run(async () => (await import('./cancel.js')).cancel));

  program
    .command('resume')
    .description('continue a paused or blocked run; without a worker, this command becomes the worker')
    .option('--max-cost <usd>', 'a new cap for the whole run', usdOption('--max-cost'))
    .addOption(json())
    .action(run(async () => (await import('./control.js')).resume));
}
