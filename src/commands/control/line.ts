import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';
import { usdOption } from '../options.js';

/** `embeddings pause`, `cancel` and `resume`. */
export function addControl(program: Command, { run, json }: LineTools): void {
  for (const [name, description] of [
    ['pause', 'let the batches under way finish and send no more'],
    ['cancel', 'end the run; what is stored stays'],
  ] as const)
    program
      .command(name)
      .description(description)
      .addOption(json())
      .action(run(async () => (await import('./control.js'))[name]));

  program
    .command('resume')
    .description('go on after a pause or a block')
    .option('--max-cost <usd>', 'a new cap for the whole run', usdOption('--max-cost'))
    .addOption(json())
    .action(run(async () => (await import('./control.js')).resume));
}
