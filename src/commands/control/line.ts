import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';
import { usdOption } from '../options.js';

/** `embeddings pause`, `cancel` and `resume`. */
export function addControl(program: Command, { run, json }: LineTools): void {
  program
    .command('pause')
    .description('let the batches under way finish and send no more')
    .addOption(json())
    .action(run(async () => (await import('./control.js')).pause));

  program
    .command('cancel')
    .description('end the run; what is stored stays')
    .addOption(json())
    .action(run(async () => (await import('./cancel.js')).cancel));

  program
    .command('resume')
    .description('go on after a pause or a block; without a worker this command becomes it')
    .option('--max-cost <usd>', 'a new cap for the whole run', usdOption('--max-cost'))
    .addOption(json())
    .action(run(async () => (await import('./control.js')).resume));
}
